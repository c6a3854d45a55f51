# The whole way with the real azdal and the simulator.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"

    # A string that must appear in nothing that a run prints or leaves behind.
    function Get-Everything {
        param($Records)

        $text = [System.Text.StringBuilder]::new()
        foreach ($one in $Records) {
            $null = $text.Append([string]$one)
            if ($one -is [System.Management.Automation.ErrorRecord]) {
                $null = $text.Append($one.Exception.ToString()).Append($one.ErrorDetails).Append($one.TargetObject)
            }
        }
        foreach ($file in [System.IO.Directory]::GetFiles((New-Folder), '*', 'AllDirectories')) {
            $null = $text.Append([System.Text.Encoding]::GetEncoding(28591).GetString([System.IO.File]::ReadAllBytes($file)))
        }
        return $text.ToString()
    }
}

Describe 'The module with azdal and the simulator' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'Export, import, find and join, against what the simulator says must come out' {
        Install-AzAccounts; Install-AzResources
        $tenant = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        $now = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
        $with = @('--seed', '5', '--events', '900', '--now', $now)
        $url = Start-Sim $with
        $global:Az.TenantId = $tenant
        $global:Az.Token = New-Token
        $folder = (New-Folder) + '/case'
        $result = Export-AzDirectoryActivityLog $folder -Endpoint $url -AzdalPath $Azdal
        $result.PSObject.TypeNames[0] | Should -BeExactly 'AzDirectoryActivityLog.ExportResult'
        ($result.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ' | Should -BeExactly 'Path Verdict ExitCode EventCount StartTime EndTime SettledUntil Clamped FirstEvent LastEvent Scopes TenantId Identity Requests Retries Duration ManifestPath ManifestSha256 Files Warnings'
        $result.Verdict | Should -BeExactly 'COMPLETE'
        $result.TenantId | Should -BeExactly $tenant
        $result.Identity.Name | Should -BeExactly 'responder@contoso.example'
        $hash = [System.Security.Cryptography.SHA256]::Create()
        $result.ManifestSha256 | Should -BeExactly ([System.BitConverter]::ToString($hash.ComputeHash([System.IO.File]::ReadAllBytes($result.ManifestPath))).Replace('-', '').ToLowerInvariant())

        # Events: every one, byte for byte, in order.
        $want = @((Invoke-Program $Sim (@('expected') + $with)).TrimEnd("`n").Split("`n") | ForEach-Object { $_ })
        $events = @(Import-AzDirectoryActivityLog $folder -AzdalPath $Azdal)
        $events.Count -gt 800 | Should -BeTrue -Because "$($events.Count) events"
        $events.Count | Should -BeExactly $result.EventCount
        $known = [System.Collections.Generic.HashSet[string]]::new([string[]]$want)
        foreach ($one in $events) { $known.Contains($one.Raw) | Should -BeTrue -Because $one.Raw }
        for ($i = 1; $i -lt $events.Count; $i++) { $events[$i - 1].EventTimestamp -le $events[$i].EventTimestamp | Should -BeTrue -Because 'order' }
        $events[0].SourceLine | Should -BeExactly 1
        $events[0].LogScope | Should -BeExactly 'tenant'

        # Findings: the simulator's, from the path, from the export's result and from events.
        $told = @((Invoke-Program $Sim (@('findings') + $with)).Trim() | ForEach-Object { ConvertFrom-Json -InputObject ('{"all":' + $_.Replace("}`n{", '},{').Insert(0, $(if ($_[0] -eq '[') { '' } else { '[' })) + $(if ($_[0] -eq '[') { '' } else { ']' }) + '}') })[0].all
        $findings = @(Find-AzPrivilegedOperation -Path $folder -AzdalPath $Azdal)
        $findings.Count | Should -BeExactly $told.Count
        $piped = @($events | Find-AzPrivilegedOperation -AzdalPath $Azdal)
        $chained = @($result | Find-AzPrivilegedOperation -AzdalPath $Azdal)
        $piped.Count | Should -BeExactly $findings.Count
        $chained.Count | Should -BeExactly $findings.Count
        for ($i = 0; $i -lt $findings.Count; $i++) {
            foreach ($property in $findings[$i].PSObject.Properties) {
                if ($property.Name -eq 'StateAtExport') { continue }
                $piped[$i].($property.Name) | Should -BeExactly $property.Value -Because "finding $i $($property.Name), from events"
                $chained[$i].($property.Name) | Should -BeExactly $property.Value -Because "finding $i $($property.Name), from the result"
            }
        }

        # Join with the lists that the simulator gives for Get-AzRoleAssignment.
        foreach ($scope in '/', "/providers/Microsoft.Management/managementGroups/$tenant", '/providers/Microsoft.Management/managementGroups/contoso-retired') {
            $rows = Invoke-Program $Sim (@('assignments', '--format', 'az', '--scope', $scope) + $with)
            $global:Az.Rows[$scope.ToLowerInvariant()] = @((ConvertFrom-Json -InputObject ('{"rows":' + $rows + '}')).rows)
        }
        $joined = @($findings | Join-AzRoleAssignment)
        $joined.Count | Should -BeExactly $findings.Count
        $contributor = @($joined | Where-Object { $_.Rule -eq 'role-assignment-root' -and $_.RoleDefinitionName -eq 'Contributor' -and $_.Outcome -eq 'Succeeded' })
        $contributor.Count | Should -BeExactly 1
        $contributor[0].State | Should -BeExactly 'Active' -Because 'Contributor at the tenant root group still stands'
        $contributor[0].ScopeKind | Should -BeExactly 'tenantRootGroup'
        [string]::IsNullOrEmpty($contributor[0].PrincipalDisplayName) | Should -BeFalse -Because 'and has a name'
        $owner = @($joined | Where-Object { $_.Rule -eq 'role-assignment-root' -and $_.RoleDefinitionName -eq 'Owner' -and $_.Outcome -eq 'Succeeded' })
        $owner[0].State | Should -BeExactly 'Removed' -Because 'Owner at / was removed'
        @($joined | Where-Object { $_.Outcome -eq 'Failed' })[0].State | Should -BeExactly 'NotApplied'
        $elevations = @($joined | Where-Object { $_.Rule -eq 'elevate-access' })
        $elevations.Count -ge 2 | Should -BeTrue -Because 'a person and a service principal elevated'
        foreach ($one in $elevations) { 'Active', 'Removed' -contains $one.State | Should -BeTrue -Because "$($one.Caller): $($one.State) $($one.StateReason)" }

        # The export is whole, and one changed byte is found.
        (Test-AzDirectoryActivityLog $folder -AzdalPath $Azdal).IsValid | Should -BeExactly $true
        ($result | Test-AzDirectoryActivityLog -Quiet -AzdalPath $Azdal) | Should -BeExactly $true
        $file = $result.Files[0]
        $bytes = [System.IO.File]::ReadAllBytes($file)
        $bytes[[int]($bytes.Length / 2)] = $bytes[[int]($bytes.Length / 2)] -bxor 1
        [System.IO.File]::WriteAllBytes($file, $bytes)
        $test = Test-AzDirectoryActivityLog $folder -AzdalPath $Azdal -WarningAction SilentlyContinue
        $test.IsValid | Should -BeExactly $false
        $test.Reason | Should -BeExactly 'Untrusted'
        $test.Message.Length -gt 5 | Should -BeTrue -Because 'it says what'
        (Test-AzDirectoryActivityLog $folder -Quiet -AzdalPath $Azdal -WarningAction SilentlyContinue) | Should -BeExactly $false
        (Test-AzDirectoryActivityLog (New-Folder) -AzdalPath $Azdal).Reason | Should -BeExactly 'ForeignState'
    }

    It 'A flat file beside the export is known to verify and to the next run' {
        $url = Start-Sim @('--events', '60')
        $folder = [System.IO.Path]::Combine((New-Folder), 'case')
        foreach ($format in 'CSV', 'JSON', 'JSONL') {
            $result = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -Output $format
            $path = [System.IO.Path]::Combine($folder, 'DirectoryActivityLogs.' + $format.ToLowerInvariant())
            [System.IO.File]::Exists($path) | Should -BeTrue -Because $path
            [array]::IndexOf($result.Files, $path) -ge 0 | Should -BeTrue -Because 'it is among the files'
            (Test-AzDirectoryActivityLog $folder -Quiet -AzdalPath $Azdal) | Should -BeExactly $true -Because "verify with $path"
            # An old reader finds the same events in it.
            if ($format -ne 'CSV') { @(Import-AzDirectoryActivityLog $path -AzdalPath $Azdal).Count | Should -BeExactly $result.EventCount }
        }
        $bytes = [System.IO.File]::ReadAllBytes("$folder/DirectoryActivityLogs.csv")
        $bytes[0..2] -join ' ' | Should -BeExactly '239 187 191' -Because 'UTF8 is as azdal writes it, with its mark'
        $null = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -Output JSONL -Encoding Unicode
        $bytes = [System.IO.File]::ReadAllBytes("$folder/DirectoryActivityLogs.jsonl")
        $bytes[0..1] -join ' ' | Should -BeExactly '255 254'
        $text = [System.IO.File]::ReadAllText("$folder/DirectoryActivityLogs.jsonl", [System.Text.Encoding]::Unicode)
        $text.TrimEnd("`n").Split("`n").Length | Should -BeExactly $result.EventCount
        $null = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -Output CSV -Encoding UTF8NoBOM
        [System.IO.File]::ReadAllBytes("$folder/DirectoryActivityLogs.csv")[0] -ne 239 | Should -BeTrue -Because 'no mark'
    }

    It 'Forbidden: the error says which right is missing' {
        $url = Start-Sim @('--events', '60', '--fault', 'forbidden@tenant')
        $record = Assert-Fails NotAuthorised { Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal }
        $record.Exception.Message -match 'AuthorizationFailed' | Should -BeTrue -Because $record.Exception.Message
        $record.ErrorDetails.RecommendedAction -match '/providers/Microsoft\.Insights' | Should -BeTrue -Because $record.ErrorDetails.RecommendedAction
        [System.IO.File]::Exists((New-Folder) + '/case/manifest.json') | Should -BeFalse -Because 'nothing is published'
    }

    It 'A token of a wrong audience is refused before the first request' {
        $log = (New-Folder) + '/requests'
        $url = Start-Sim @('--events', '60', '--log', $log)
        $null = Assert-Fails NotAuthorised { Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AccessToken (New-Token '--aud', 'https://graph.microsoft.com') -AzdalPath $Azdal }
        -not [System.IO.File]::Exists($log) -or [System.IO.FileInfo]::new($log).Length -eq 0 | Should -BeTrue -Because 'no request'
    }

    It 'A token that expires in mid-run is renewed through Az' {
        Install-AzAccounts
        $url = Start-Sim @('--events', '900', '--fault', 'expired:2')
        $global:Az.Token = { New-Token '--serial', ([string]$global:Az.TokenCalls.Count) }
        $result = Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AzdalPath $Azdal
        $result.Verdict | Should -BeExactly 'COMPLETE'
        $Az.TokenCalls.Count -ge 2 | Should -BeTrue -Because "asked $($Az.TokenCalls.Count) times"
    }

    It 'The token is in nothing that a run prints or leaves' {
        Install-AzAccounts
        $url = Start-Sim @('--events', '60')
        $global:Az.Token = New-Token
        $parts = $global:Az.Token.Split('.')
        $records = @(& {
                Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AzdalPath $Azdal -Verbose -Debug -LogLevel Debug -Output CSV
                try { Export-AzDirectoryActivityLog ((New-Folder) + '/case2') -Endpoint 'http://127.0.0.1:1' -AccessToken $global:Az.Token -AzdalPath '/nowhere' -Verbose } catch { $_ }
                $url2 = Start-Sim @('--fault', 'forbidden@tenant')
                try { Export-AzDirectoryActivityLog ((New-Folder) + '/case3') -Endpoint $url2 -AccessToken $global:Az.Token -AzdalPath $Azdal -Verbose } catch { $_ }
            } 3>&1 4>&1 5>&1)
        $everything = Get-Everything ($records + @($Error))
        $everything.Length -gt 10000 | Should -BeTrue -Because 'something was looked at'
        foreach ($part in $parts[1], $parts[2]) {
            if ($part.Length -lt 12) { continue }
            $everything.Contains($part) | Should -BeFalse -Because "a part of the token leaked"
        }
    }

    It 'The access check tells the cases apart and never says more than it knows' {
        $fail = { param($Arguments) Start-Sim (@('--events', '20') + $Arguments) }
        # Not signed in.
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $Azdal
        "$($answer.HasAccess) $($answer.Reason) $($answer.Remedy)" | Should -BeExactly 'False NotSignedIn Connect-AzAccount'
        (Test-AzDirectoryActivityAccess -AzdalPath $Azdal -Quiet) | Should -BeExactly $false
        ($answer.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ' | Should -BeExactly 'HasAccess Reason Remedy Message TenantId Account ObjectId Scopes'

        # Signed in once, but no token is to be had any more.
        Install-AzAccounts
        $global:Az.Token = { throw 'AADSTS70043' }
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $Azdal
        "$($answer.HasAccess) $($answer.Reason)" | Should -BeExactly 'False NotSignedIn'
        $answer.Message -match 'AADSTS70043' | Should -BeTrue -Because $answer.Message

        # All is well.
        Install-AzAccounts
        $global:Az.Token = New-Token '--oid', '5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6'
        $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        $url = & $fail @()
        $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal
        "$($answer.HasAccess)" | Should -BeExactly 'True' -Because $answer.Message
        $answer.Reason | Should -BeExactly $null
        $answer.Remedy | Should -BeExactly $null
        (Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -Quiet) | Should -BeExactly $true

        # Another tenant than the one meant.
        $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -TenantId 'other.example'
        "$($answer.HasAccess) $($answer.Reason)" | Should -BeExactly 'False WrongTenant'
        $answer.Remedy | Should -BeExactly 'Connect-AzAccount -Tenant other.example'

        # No right at the tenant.
        $url = & $fail @('--fault', 'forbidden@tenant')
        $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal
        "$($answer.HasAccess) $($answer.Reason)" | Should -BeExactly 'False NotAuthorised' -Because $answer.Message
        $answer.Remedy | Should -BeExactly 'New-AzRoleAssignment -ObjectId 5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6 -RoleDefinitionName Reader -Scope /providers/Microsoft.Insights'

        # A right at some scopes: asked for, or seen in the context's subscription.
        $all = (Invoke-Program $Sim @('--help'))
        $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -Scope tenant, "mg:$($Az.TenantId)"
        "$($answer.HasAccess) $($answer.Reason)" | Should -BeExactly 'False SomeScopes' -Because $answer.Message
        ($answer.Scopes | ForEach-Object { $_.HasAccess }) -join ' ' | Should -BeExactly 'False True'
        $answer.Remedy -match '-RoleDefinitionName Reader' | Should -BeTrue -Because $answer.Remedy

        # Nobody is there.
        $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -AccessToken (New-Token '--aud', 'https://graph.microsoft.com')
        "$($answer.HasAccess) $($answer.Reason)" | Should -BeExactly 'False NotSignedIn' -Because $answer.Message
    }

    It 'Get streams the real log, and its newest events' {
        $now = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
        $with = @('--events', '500', '--now', $now)
        $url = Start-Sim $with
        $with = @{ Endpoint = $url; AccessToken = (New-Token); AzdalPath = $Azdal }
        $all = @(Get-AzDirectoryActivityLog @with)
        $all.Count -gt 450 | Should -BeTrue -Because "$($all.Count)"
        for ($i = 1; $i -lt $all.Count; $i++) { $all[$i - 1].EventTimestamp -le $all[$i].EventTimestamp | Should -BeTrue -Because 'oldest first' }
        $newest = @(Get-AzDirectoryActivityLog @with -MaxRecord 5)
        $newest.Count | Should -BeExactly 5
        for ($i = 0; $i -lt 5; $i++) { $newest[$i].EventTimestamp.Ticks | Should -BeExactly $all[$all.Count - 1 - $i].EventTimestamp.Ticks -Because "newest $i" }
        $caller = $all[-1].Caller
        $his = @(Get-AzDirectoryActivityLog @with -Caller $caller -MaxRecord 3)
        $want = @($all | Where-Object { $_.Caller -eq $caller })
        $his.Count | Should -BeExactly ([System.Math]::Min(3, $want.Count))
        $his[0].EventTimestamp.Ticks | Should -BeExactly $want[-1].EventTimestamp.Ticks
        0 | Should -BeExactly (@(Find-AzPrivilegedOperation -InputObject $all[0] -AzdalPath $Azdal).Count)
        $first = @(Get-AzDirectoryActivityLog @with | Select-Object -First 1)
        $first[0].Raw | Should -BeExactly $all[0].Raw
        $piped = @(Get-AzDirectoryActivityLog @with | Find-AzPrivilegedOperation -AzdalPath $Azdal)
        $piped.Count -ge 8 | Should -BeTrue -Because "$($piped.Count) findings"
        $piped[0].LogScope | Should -BeExactly 'tenant'
        $piped[0].SourcePath | Should -BeExactly $null
    }

    It 'The pipeline holds little of a long log' {
        $line = (Import-AzDirectoryActivityLog "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json" -AzdalPath $Azdal).Raw
        $path = New-File 'long.ndjson' ''
        $writer = [System.IO.StreamWriter]::new($path)
        for ($i = 0; $i -lt 12000; $i++) { $writer.Write($line.Replace('e8444172-8765-4479-a909', 'e8444172-8765-4479-' + $i.ToString('x4')).Replace('roleAssignments/write', 'deployments/write')); $writer.Write("`n") }
        $writer.Dispose()
        # What is still alive of the events and of what became of them, whatever else this process holds.
        $seen = [System.Collections.Generic.List[System.WeakReference]]::new()
        $most = 0
        $n = 0
        Import-AzDirectoryActivityLog $path -AzdalPath $Azdal | ForEach-Object {
            $seen.Add([System.WeakReference]::new($_.Raw))
            $_
        } | Join-AzRoleAssignment -RoleAssignment @() | ForEach-Object {
            $n++
            $seen.Add([System.WeakReference]::new($_))
            if ($n % 3000 -eq 0) {
                [System.GC]::Collect()
                $alive = 0
                foreach ($one in $seen) { if ($one.IsAlive) { $alive++ } }
                if ($alive -gt $most) { $most = $alive }
            }
        }
        $n | Should -BeExactly 12000
        $seen.Count | Should -BeExactly 24000
        # Lines come some hundred at a time.
        $most -gt 0 -and $most -lt 1000 | Should -BeTrue -Because "$most are held"
        @(Import-AzDirectoryActivityLog $path -AzdalPath $Azdal | Find-AzPrivilegedOperation -AzdalPath $Azdal).Count | Should -BeExactly 0
    }
}
