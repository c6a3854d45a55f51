# Where Join-AzRoleAssignment gets lists of role assignments from, and what it has read so far.
#   Source  SavedList (a list was given), Live (Get-AzRoleAssignment), Export (neither: the export's)
function New-AssignmentStore {
    param($RoleAssignment, [bool] $HasSaved, $DefaultProfile)

    $store = @{
        Source         = 'SavedList'
        Saved          = $null
        Lists          = @{}
        Names          = @{}
        Exports        = @{}
        TenantId       = $null
        DefaultProfile = $DefaultProfile
        Command        = $null
    }
    if ($HasSaved) {
        $store.Saved = @(foreach ($one in $RoleAssignment) {
                if ($null -ne $one) { ConvertTo-AssignmentRow $one }
            })
        Add-PrincipalName -Store $store -Row $store.Saved
        return $store
    }
    $store.Command = Get-Command -Name Get-AzRoleAssignment -ErrorAction Ignore
    if ($null -eq $store.Command) {
        $store.Source = 'Export'
        return $store
    }
    $store.Source = 'Live'
    $context = Get-AzContextOrNull -DefaultProfile $DefaultProfile
    $store.TenantId = Get-PropertyValue (Get-PropertyValue $context 'Tenant') 'Id'
    return $store
}
