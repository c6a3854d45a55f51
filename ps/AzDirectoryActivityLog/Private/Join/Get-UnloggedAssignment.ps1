# The role assignments at the root scope, the tenant root group and the groups looked up that the log does not
# explain.
function Get-UnloggedAssignment {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.UnloggedAssignment')]
    param($Store, $Explained)

    $tenants = @($Explained.Tenants.Values)
    if ($tenants.Count -eq 0) {
        $tenants = @($Store.TenantId)
    }
    $scopes = Get-UnloggedScope -Explained $Explained -Tenant $tenants
    $logs = Get-ExplainingLog -Store $Store -Explained $Explained
    $seen = @{}
    foreach ($tenant in $tenants) {
        foreach ($key in $scopes.Keys) {
            $list = Get-AssignmentList -Store $Store -Scope $scopes[$key] -Finding @{ TenantId = $tenant; SourcePath = $logs.Source; Time = $null }
            foreach ($row in $list.Rows) {
                $name = $key + '|' + $row.Name.ToLowerInvariant()
                if ($row.ScopeKey -ne $key -or $seen.ContainsKey($name) -or (Test-Explained -Set $Explained -Row $row)) {
                    continue
                }
                $seen[$name] = $true
                New-UnloggedAssignment -Row $row -Logs $logs -List $list -TenantId $tenant -Store $Store
            }
        }
    }
}
