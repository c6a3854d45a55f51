# Which role assignments the log explains, gathered while findings pass by.
function New-ExplainedSet {
    return @{
        Names   = @{}    # scope|name of assignments that were written
        Holders = @{}    # scope|role|principal that an elevation or activation gave
        Scopes  = @{}    # scopes of the findings, as they are spelled, by scope key
        Tenants = @{}    # tenant ids
        Sources = @{}    # files of the findings, for the start of the log and the dates of assignments
    }
}
