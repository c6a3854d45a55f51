# The list of role assignments that answers for a scope, read once for each scope (a live list is always
# the context's tenant's, and findings of other tenants get none):
#   Rows     of this scope (Select-ScopeRow)
#   Source, Scope, Time
#   Reason   null when an assignment that is not in Rows does not exist; else why it may
# Finding: TenantId, SourcePath and Time of what is looked up.
function Get-AssignmentList {
    param($Store, [string] $Scope, $Finding)

    $key = Get-ScopeKey $Scope
    if ($Store.Source -eq 'Export') {
        return Get-ExportAssignment -Store $Store -Key $key -Finding $Finding
    }
    $tenant = [string]$Finding.TenantId
    if ($Store.Source -eq 'Live' -and $tenant.Length -gt 0 -and $null -ne $Store.TenantId -and $tenant -ne $Store.TenantId) {
        $list = @{ Rows = @(); Source = $null; Scope = $null; Time = $null; Reason = 'WrongTenant' }
        return Select-AnsweringList -Store $Store -List $list -Key $key -Finding $Finding
    }
    $known = $key
    if ($Store.Source -eq 'SavedList') { $known = $tenant + $key }
    if ($Store.Lists.ContainsKey($known)) {
        return Select-AnsweringList -Store $Store -List $Store.Lists[$known] -Key $key -Finding $Finding
    }
    $list = @{
        Rows = @(); Source = $Store.Source; Scope = $Scope.TrimEnd('/'); Time = [datetime]::UtcNow
        # Until the list was read: nothing is called removed because the look-up went wrong.
        Reason = 'LookupFailed: the list could not be read'
    }
    if ($key -eq '/') {
        $list.Scope = '/'
    }
    if ($Store.Source -eq 'SavedList') {
        # Lists of Azure Resource Graph may have rows of several tenants, and say which.
        $list.Rows = @(foreach ($row in Select-ScopeRow -Index $Store.Saved -Key $key) {
                if ($row.Tenant.Length -eq 0 -or $tenant.Length -eq 0 -or $row.Tenant -eq $tenant) { $row }
            })
        $list.Time = $null
        $list.Reason = $null
        if (-not (Test-ListCovers -Row $list.Rows -Key $key)) {
            $list.Reason = 'EmptyList'
        }
    } else {
        $answer = Get-LiveAssignment -Store $Store -Scope $list.Scope
        if ($null -eq $answer.Failure) {
            $all = @(foreach ($one in $answer.Rows) {
                    if ($null -ne $one) { ConvertTo-AssignmentRow $one }
                })
            $list.Rows = @(Select-ScopeRow -Index (New-RowIndex $all) -Key $key)
            $list.Reason = $null
            if ($all.Count -eq 0) {
                # No rows is what a caller without the right to read them gets.
                $list.Reason = 'EmptyList'
            }
            Add-PrincipalName -Store $Store -Row $all
        } else {
            $list.Reason = Get-LookupFailure -ErrorRecord $answer.Failure -Key $key
        }
    }
    $Store.Lists[$known] = $list
    return Select-AnsweringList -Store $Store -List $list -Key $key -Finding $Finding
}
