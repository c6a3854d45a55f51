# The scripts in examples/ and in the README, as a user runs them: the module by its name, azdal on
# the PATH, Az signed in.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
}

Describe 'The examples' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'The triage example leads from the tenant to who still holds what, what was done with it, and how it is taken back' {
        $url = Start-Sim @('--events', '300', '--groups', '2', '--subscriptions', '3', '--events-per-scope', '60')
        Install-AzAccounts; Install-AzResources
        $global:Az.Manager = $url
        $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        $global:Az.Token = New-Token @('--expires-in', '3000')
        $top = "/providers/Microsoft.Management/managementGroups/$($Az.TenantId)"
        foreach ($scope in '/', $top) {
            $global:Az.Rows[$scope.ToLowerInvariant()] = ConvertFrom-Json -InputObject (
                Invoke-Program $Sim @('assignments', '--format', 'az', '--scope', $scope))
        }
        Set-UserPath
        $joined = @(& "$TestRoot/examples/triage.ps1" -Path ([System.IO.Path]::Combine((New-Folder), 'case1')))
        $given = @(foreach ($one in $joined) { if ($one.Rule -eq 'role-assignment-root' -and $one.ScopeKind -eq 'tenantRootGroup') { $one } })
        $given.Count | Should -BeExactly 1
        $given[0].RoleDefinitionName | Should -BeExactly 'Contributor'
        $given[0].State | Should -BeExactly 'Active'
        $given[0].Source | Should -BeExactly 'Live'
        $elevated = @(foreach ($one in $joined) { if ($one.Rule -eq 'elevate-access') { $one.State } })
        $elevated -join '|' | Should -BeExactly 'Removed|Active'
        $report = [System.IO.File]::ReadAllText([System.IO.Path]::Combine((New-Folder), 'case1.html'))
        $report.Contains('Proven:') -and $report.Contains($given[0].Caller) | Should -BeTrue -Because 'the report tells coverage and callers'
        $secrets = @(foreach ($one in Get-AzPrivilegedActivity ([System.IO.Path]::Combine((New-Folder), 'case1'))) {
                if ($one.Tactic -eq 'Credential access' -and $one.Subscriptions.Count -gt 0) { $one }
            })
        $secrets.Count | Should -BeGreaterThan 0 -Because 'what was done in subscriptions is in the export'
        $report | Should -Match 'Done with this power: \d+ operation'
        $report.Contains('Credential access') | Should -BeTrue -Because 'the report tells it'
        $report.Contains('No log of a subscription') | Should -BeFalse -Because 'all logs were read'
        $remedies = @(foreach ($one in $joined) { if ($null -ne $one.Remedy) { $one.Remedy } })
        $remedies.Count | Should -BeGreaterThan 0
        foreach ($one in $remedies) {
            $report.Contains("<code>$([System.Net.WebUtility]::HtmlEncode($one))</code>") | Should -BeTrue -Because $one
        }
    }

    It 'The example for Microsoft-Extractor-Suite writes its file, with every event' {
        $url = Start-Sim @('--events', '300')
        Install-AzAccounts
        $global:Az.Manager = $url
        $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        $global:Az.Token = New-Token @('--expires-in', '3000')
        Set-UserPath
        $folder = [System.IO.Path]::Combine((New-Folder), 'out')
        $export = & "$TestRoot/examples/mes-dropin.ps1" -StartDate '' -EndDate '' -OutputDir $folder
        $export.Verdict | Should -BeExactly 'COMPLETE'
        $export.EventCount -gt 0 | Should -BeTrue
        $lines = [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($folder, 'DirectoryActivityLogs.csv'))
        $lines[0].Contains('EventTimestamp,') | Should -BeTrue -Because 'a heading'
        $lines.Count - 1 | Should -BeExactly $export.EventCount
    }

    It 'The offline example tells from saved files alone who still holds what' {
        $url = Start-Sim @('--events', '300')
        Set-UserPath
        $top = '/providers/Microsoft.Management/managementGroups/7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        $events = "$(New-Folder)/colleague.ndjson"
        $token = New-File 'token' (New-Token @('--expires-in', '3000'))
        $null = [System.IO.File]::WriteAllText($events,
            (Invoke-Program $Azdal @('acquire', '--quiet', '--endpoint', $url, '--token-file', $token, '--stdout')))
        $rows = New-File 'assignments.json' (Invoke-Program $Sim @('assignments', '--format', 'az', '--scope', $top))
        # As relative paths, of a location that is not the process's folder.
        Push-Location ([System.IO.Path]::GetDirectoryName($rows))
        try {
            $joined = @(& "$TestRoot/examples/offline.ps1" -Path ./colleague.ndjson -RoleAssignment ./assignments.json -Report ./offline.html)
        } finally {
            Pop-Location
        }
        $given = @(foreach ($one in $joined) { if ($one.Rule -eq 'role-assignment-root' -and $one.ScopeKind -eq 'tenantRootGroup') { $one } })
        $given.Count | Should -BeExactly 1
        $given[0].State | Should -BeExactly 'Active'
        $given[0].Source | Should -BeExactly 'SavedList'
        [System.IO.File]::Exists("$(New-Folder)/offline.html") | Should -BeTrue -Because 'a report'
        $alone = @(& "$TestRoot/examples/offline.ps1" -Path $events)
        $alone.Count | Should -BeExactly $joined.Count
        $states = @(foreach ($one in $alone) { $one.State })
        $states -contains 'Removed' | Should -BeTrue -Because 'the log alone tells of deletions'
        $states -contains 'Active' | Should -BeFalse -Because 'and claims of nothing that it stands'
    }
}
