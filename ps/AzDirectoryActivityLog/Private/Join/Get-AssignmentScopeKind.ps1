# What kind of scope a role assignment has, in the words of findings. azdal says that of events and findings; rows of
# Get-AzRoleAssignment come from Az alone, and have nobody else to say it.
function Get-AssignmentScopeKind {
    param([string] $Scope, [string] $TenantId)

    $key = Get-ScopeKey $Scope
    $group = '/providers/microsoft.management/managementgroups/'
    if ($key -eq '/') {
        return 'root'
    }
    if ($key.StartsWith($group, [System.StringComparison]::Ordinal) -and $key.IndexOf([char]'/', $group.Length) -lt 0) {
        if (-not [string]::IsNullOrEmpty($TenantId) -and $key.Substring($group.Length) -eq $TenantId) {
            return 'tenantRootGroup'
        }
        return 'managementGroup'
    }
    if ($key.StartsWith('/providers/', [System.StringComparison]::Ordinal)) {
        return 'tenantProvider'
    }
    $parts = $key.Trim('/').Split('/')
    if ($parts[0] -eq 'subscriptions') {
        if ($parts.Length -eq 2) {
            return 'subscription'
        }
        if ($parts.Length -eq 4 -and $parts[2] -eq 'resourcegroups') {
            return 'resourceGroup'
        }
        return 'resource'
    }
    return $null
}
