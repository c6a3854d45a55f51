# The scopes at which assignments without an event are looked for, as they are spelled, by scope key: the root,
# the root groups of the tenants, and the management groups that findings are about.
function Get-UnloggedScope {
    param($Explained, $Tenant)

    $group = '/providers/Microsoft.Management/managementGroups/'
    $scopes = [ordered]@{ '/' = '/' }
    foreach ($one in $Tenant) {
        if (-not [string]::IsNullOrEmpty($one)) {
            $scopes[(Get-ScopeKey ($group + $one))] = $group + $one
        }
    }
    foreach ($key in $Explained.Scopes.Keys) {
        if ((Get-AssignmentScopeKind $key) -eq 'managementGroup' -and -not $scopes.Contains($key)) {
            $scopes[$key] = $Explained.Scopes[$key]
        }
    }
    return $scopes
}
