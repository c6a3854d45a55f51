# Where Join-AzRoleAssignment gets lists of role assignments from, and what it has read so far.
#   Source  SavedList (a list was given), Live (Get-AzRoleAssignment), Export (neither: the export's)
function New-AssignmentStore {
    param($RoleAssignment, [bool] $HasSaved, [bool] $Offline, $DefaultProfile, $Cmdlet)

    $store = @{
        Source         = 'SavedList'
        Saved          = $null      # the rows of that list, by scope (New-RowIndex)
        Lists          = @{}
        Names          = @{}
        Exports        = @{}
        TenantId       = $null
        DefaultProfile = $DefaultProfile
        Command        = $null
        Missing        = 'LookupFailed: Get-AzRoleAssignment is not installed'
    }
    if ($HasSaved) {
        $rows = @(foreach ($one in $RoleAssignment) {
                # A saved REST answer has its rows in value.
                $inner = Get-PropertyValue $one 'value'
                if ($null -ne $inner -and $null -eq (Get-PropertyValue $one 'Scope')) { $one = @($inner) }
                foreach ($row in $one) {
                    if ($null -ne $row) { ConvertTo-AssignmentRow $row }
                }
            })
        $silent = 0
        foreach ($row in $rows) {
            if ($row.ScopeKey.Length -eq 0) { $silent++ }
        }
        if ($silent -gt 0) {
            $Cmdlet.WriteError((New-HelperError -Id InvalidInput -Target 'RoleAssignment' -Message (
                        "-RoleAssignment: $silent of $($rows.Count) rows are not role assignments with a scope, so this list does not show that anything was removed") -Hint (
                        'pass the rows as objects with Scope, RoleAssignmentId, ObjectId and RoleDefinitionId, as Get-AzRoleAssignment returns them')))
        }
        $store.Saved = New-RowIndex $rows
        Add-PrincipalName -Store $store -Row $rows
        return $store
    }
    if ($Offline) {
        $store.Source = 'Export'
        $store.Missing = 'LookupFailed: nothing was asked (-Offline)'
        return $store
    }
    $store.Command = Get-Command -Name Get-AzRoleAssignment -ErrorAction Ignore
    if ($null -eq $store.Command) {
        $store.Source = 'Export'
        return $store
    }
    $store.Source = 'Live'
    $context = Get-AzContextOrNull -DefaultProfile $DefaultProfile
    # A context may have the name of a domain there, which cannot be compared.
    $guid = [guid]::Empty
    if ([guid]::TryParse([string](Get-PropertyValue (Get-PropertyValue $context 'Tenant') 'Id'), [ref]$guid)) {
        $store.TenantId = $guid.ToString('D')
    }
    return $store
}
