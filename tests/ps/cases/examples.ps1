# The scripts in examples/ and in the README, as a user runs them: the module by its name, azdal on
# the PATH, Az signed in.

Test 'The triage example leads from the tenant to who still holds what' {
    $url = Start-Sim @('--events', '300')
    Install-AzAccounts; Install-AzResources
    $global:Az.Manager = $url
    $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
    $global:Az.Token = New-Token @('--expires-in', '3000')
    $top = "/providers/Microsoft.Management/managementGroups/$($Az.TenantId)"
    foreach ($scope in '/', $top) {
        $global:Az.Rows[$scope.ToLowerInvariant()] = ConvertFrom-Json -InputObject (
            Invoke-Program $Sim @('assignments', '--format', 'az', '--scope', $scope))
    }
    $separator = [System.IO.Path]::PathSeparator
    foreach ($pair in @(@('PSModulePath', "$TestRoot/ps"), @('PATH', [System.IO.Path]::GetDirectoryName($Azdal)))) {
        $old = [System.Environment]::GetEnvironmentVariable($pair[0])
        if (-not ($old -split $separator -contains $pair[1])) {
            [System.Environment]::SetEnvironmentVariable($pair[0], $pair[1] + $separator + $old)
        }
    }
    $joined = @(& "$TestRoot/examples/triage.ps1" -Path ([System.IO.Path]::Combine((New-Folder), 'case1')))
    $given = @(foreach ($one in $joined) { if ($one.Rule -eq 'role-assignment-root' -and $one.ScopeKind -eq 'tenantRootGroup') { $one } })
    Assert-Equal 1 $given.Count
    Assert-Equal 'Contributor' $given[0].RoleDefinitionName
    Assert-Equal 'Active' $given[0].State
    Assert-Equal 'Live' $given[0].Source
    $elevated = @(foreach ($one in $joined) { if ($one.Rule -eq 'elevate-access') { $one.State } })
    Assert-Equal 'Removed|Active' ($elevated -join '|')
}
