# The whole way with the real azdal and the simulator.

# A string that must appear in nothing that a run prints or leaves behind.
function global:Get-Everything {
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

Test 'Export, import, find and join, against what the simulator says must come out' {
    Install-AzAccounts; Install-AzResources
    $tenant = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
    $now = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    $with = @('--seed', '5', '--events', '900', '--now', $now)
    $url = Start-Sim $with
    $global:Az.TenantId = $tenant
    $global:Az.Token = New-Token
    $folder = (New-Folder) + '/case'
    $result = Export-AzDirectoryActivityLog $folder -Endpoint $url -AzdalPath $Azdal
    Assert-Equal 'AzDirectoryActivityLog.ExportResult' $result.PSObject.TypeNames[0]
    Assert-Equal 'Path Verdict ExitCode EventCount StartTime EndTime SettledUntil Clamped FirstEvent LastEvent Scopes TenantId Identity Requests Retries Duration ManifestPath ManifestSha256 Files Warnings' (($result.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')
    Assert-Equal 'COMPLETE' $result.Verdict
    Assert-Equal $tenant $result.TenantId
    Assert-Equal 'responder@contoso.example' $result.Identity.Name
    $hash = [System.Security.Cryptography.SHA256]::Create()
    Assert-Equal ([System.BitConverter]::ToString($hash.ComputeHash([System.IO.File]::ReadAllBytes($result.ManifestPath))).Replace('-', '').ToLowerInvariant()) $result.ManifestSha256

    # Events: every one, byte for byte, in order.
    $want = @((Invoke-Program $Sim (@('expected') + $with)).TrimEnd("`n").Split("`n") | ForEach-Object { $_ })
    $events = @(Import-AzDirectoryActivityLog $folder -AzdalPath $Azdal)
    Assert-True ($events.Count -gt 800) "$($events.Count) events"
    Assert-Equal $result.EventCount $events.Count
    $known = [System.Collections.Generic.HashSet[string]]::new([string[]]$want)
    foreach ($one in $events) { Assert-True $known.Contains($one.Raw) $one.Raw }
    for ($i = 1; $i -lt $events.Count; $i++) { Assert-True ($events[$i - 1].EventTimestamp -le $events[$i].EventTimestamp) 'order' }
    Assert-Equal 1 $events[0].SourceLine
    Assert-Equal 'tenant' $events[0].LogScope

    # Findings: the simulator's, from the path, from the export's result and from events.
    $told = @((Invoke-Program $Sim (@('findings') + $with)).Trim() | ForEach-Object { ConvertFrom-Json -InputObject ('{"all":' + $_.Replace("}`n{", '},{').Insert(0, $(if ($_[0] -eq '[') { '' } else { '[' })) + $(if ($_[0] -eq '[') { '' } else { ']' }) + '}') })[0].all
    $findings = @(Find-AzPrivilegedOperation -Path $folder -AzdalPath $Azdal)
    Assert-Equal $told.Count $findings.Count
    $piped = @($events | Find-AzPrivilegedOperation -AzdalPath $Azdal)
    $chained = @($result | Find-AzPrivilegedOperation -AzdalPath $Azdal)
    Assert-Equal $findings.Count $piped.Count
    Assert-Equal $findings.Count $chained.Count
    for ($i = 0; $i -lt $findings.Count; $i++) {
        foreach ($property in $findings[$i].PSObject.Properties) {
            if ($property.Name -eq 'StateAtExport') { continue }
            Assert-Equal $property.Value $piped[$i].($property.Name) "finding $i $($property.Name), from events"
            Assert-Equal $property.Value $chained[$i].($property.Name) "finding $i $($property.Name), from the result"
        }
    }

    # Join with the lists that the simulator gives for Get-AzRoleAssignment.
    foreach ($scope in '/', "/providers/Microsoft.Management/managementGroups/$tenant", '/providers/Microsoft.Management/managementGroups/contoso-retired') {
        $rows = Invoke-Program $Sim (@('assignments', '--format', 'az', '--scope', $scope) + $with)
        $global:Az.Rows[$scope.ToLowerInvariant()] = @((ConvertFrom-Json -InputObject ('{"rows":' + $rows + '}')).rows)
    }
    $joined = @($findings | Join-AzRoleAssignment)
    Assert-Equal $findings.Count $joined.Count
    $contributor = @($joined | Where-Object { $_.Rule -eq 'role-assignment-root' -and $_.RoleDefinitionName -eq 'Contributor' -and $_.Outcome -eq 'Succeeded' })
    Assert-Equal 1 $contributor.Count
    Assert-Equal 'Active' $contributor[0].State 'Contributor at the tenant root group still stands'
    Assert-Equal 'tenantRootGroup' $contributor[0].ScopeKind
    Assert-True (-not [string]::IsNullOrEmpty($contributor[0].PrincipalDisplayName)) 'and has a name'
    $owner = @($joined | Where-Object { $_.Rule -eq 'role-assignment-root' -and $_.RoleDefinitionName -eq 'Owner' -and $_.Outcome -eq 'Succeeded' })
    Assert-Equal 'Removed' $owner[0].State 'Owner at / was removed'
    Assert-Equal 'NotApplied' @($joined | Where-Object { $_.Outcome -eq 'Failed' })[0].State
    $elevations = @($joined | Where-Object { $_.Rule -eq 'elevate-access' })
    Assert-True ($elevations.Count -ge 2) 'a person and a service principal elevated'
    foreach ($one in $elevations) { Assert-True ('Active', 'Removed' -contains $one.State) "$($one.Caller): $($one.State) $($one.StateReason)" }

    # The export is whole, and one changed byte is found.
    Assert-Equal $true (Test-AzDirectoryActivityLog $folder -AzdalPath $Azdal).IsValid
    Assert-Equal $true ($result | Test-AzDirectoryActivityLog -Quiet -AzdalPath $Azdal)
    $file = $result.Files[0]
    $bytes = [System.IO.File]::ReadAllBytes($file)
    $bytes[[int]($bytes.Length / 2)] = $bytes[[int]($bytes.Length / 2)] -bxor 1
    [System.IO.File]::WriteAllBytes($file, $bytes)
    $test = Test-AzDirectoryActivityLog $folder -AzdalPath $Azdal -WarningAction SilentlyContinue
    Assert-Equal $false $test.IsValid
    Assert-Equal 'Untrusted' $test.Reason
    Assert-True ($test.Message.Length -gt 5) 'it says what'
    Assert-Equal $false (Test-AzDirectoryActivityLog $folder -Quiet -AzdalPath $Azdal -WarningAction SilentlyContinue)
    Assert-Equal 'ForeignState' (Test-AzDirectoryActivityLog (New-Folder) -AzdalPath $Azdal).Reason
}

Test 'A flat file beside the export is known to verify and to the next run' {
    $url = Start-Sim @('--events', '60')
    $folder = (New-Folder) + '/case'
    foreach ($format in 'CSV', 'JSON', 'JSONL') {
        $result = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -Output $format
        $path = "$folder/DirectoryActivityLogs." + $format.ToLowerInvariant()
        Assert-True ([System.IO.File]::Exists($path)) $path
        Assert-True ([array]::IndexOf($result.Files, $path) -ge 0) 'it is among the files'
        Assert-Equal $true (Test-AzDirectoryActivityLog $folder -Quiet -AzdalPath $Azdal) "verify with $path"
        # An old reader finds the same events in it.
        if ($format -ne 'CSV') { Assert-Equal $result.EventCount @(Import-AzDirectoryActivityLog $path -AzdalPath $Azdal).Count }
    }
    $bytes = [System.IO.File]::ReadAllBytes("$folder/DirectoryActivityLogs.csv")
    Assert-Equal '239 187 191' ($bytes[0..2] -join ' ') 'UTF8 is as azdal writes it, with its mark'
    $null = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -Output JSONL -Encoding Unicode
    $bytes = [System.IO.File]::ReadAllBytes("$folder/DirectoryActivityLogs.jsonl")
    Assert-Equal '255 254' ($bytes[0..1] -join ' ')
    $text = [System.IO.File]::ReadAllText("$folder/DirectoryActivityLogs.jsonl", [System.Text.Encoding]::Unicode)
    Assert-Equal $result.EventCount $text.TrimEnd("`n").Split("`n").Length
    $null = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -Output CSV -Encoding UTF8NoBOM
    Assert-True ([System.IO.File]::ReadAllBytes("$folder/DirectoryActivityLogs.csv")[0] -ne 239) 'no mark'
}

Test 'Forbidden: the error says which right is missing' {
    $url = Start-Sim @('--events', '60', '--fault', 'forbidden@tenant')
    $record = Assert-Fails NotAuthorised { Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal }
    Assert-True ($record.Exception.Message -match 'AuthorizationFailed') $record.Exception.Message
    Assert-True ($record.ErrorDetails.RecommendedAction -match '/providers/Microsoft\.Insights') $record.ErrorDetails.RecommendedAction
    Assert-True (-not [System.IO.File]::Exists((New-Folder) + '/case/manifest.json')) 'nothing is published'
}

Test 'A token of a wrong audience is refused before the first request' {
    $log = (New-Folder) + '/requests'
    $url = Start-Sim @('--events', '60', '--log', $log)
    $null = Assert-Fails NotAuthorised { Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AccessToken (New-Token '--aud', 'https://graph.microsoft.com') -AzdalPath $Azdal }
    Assert-True (-not [System.IO.File]::Exists($log) -or [System.IO.FileInfo]::new($log).Length -eq 0) 'no request'
}

Test 'A token that expires in mid-run is renewed through Az' {
    Install-AzAccounts
    $url = Start-Sim @('--events', '900', '--fault', 'expired:2')
    $global:Az.Token = { New-Token '--serial', ([string]$global:Az.TokenCalls.Count) }
    $result = Export-AzDirectoryActivityLog ((New-Folder) + '/case') -Endpoint $url -AzdalPath $Azdal
    Assert-Equal 'COMPLETE' $result.Verdict
    Assert-True ($Az.TokenCalls.Count -ge 2) "asked $($Az.TokenCalls.Count) times"
}

Test 'The token is in nothing that a run prints or leaves' {
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
    Assert-True ($everything.Length -gt 10000) 'something was looked at'
    foreach ($part in $parts[1], $parts[2]) {
        if ($part.Length -lt 12) { continue }
        Assert-True (-not $everything.Contains($part)) "a part of the token leaked"
    }
}

Test 'The access check tells the cases apart and never says more than it knows' {
    $fail = { param($Arguments) Start-Sim (@('--events', '20') + $Arguments) }
    # Not signed in.
    $answer = Test-AzDirectoryActivityAccess -AzdalPath $Azdal
    Assert-Equal 'False NotSignedIn Connect-AzAccount' "$($answer.HasAccess) $($answer.Reason) $($answer.Remedy)"
    Assert-Equal $false (Test-AzDirectoryActivityAccess -AzdalPath $Azdal -Quiet)
    Assert-Equal 'HasAccess Reason Remedy Message TenantId Account ObjectId Scopes' (($answer.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')

    # Signed in once, but no token is to be had any more.
    Install-AzAccounts
    $global:Az.Token = { throw 'AADSTS70043' }
    $answer = Test-AzDirectoryActivityAccess -AzdalPath $Azdal
    Assert-Equal 'False NotSignedIn' "$($answer.HasAccess) $($answer.Reason)"
    Assert-True ($answer.Message -match 'AADSTS70043') $answer.Message

    # All is well.
    Install-AzAccounts
    $global:Az.Token = New-Token '--oid', '5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6'
    $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
    $url = & $fail @()
    $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal
    Assert-Equal 'True' "$($answer.HasAccess)" $answer.Message
    Assert-Equal $null $answer.Reason
    Assert-Equal $null $answer.Remedy
    Assert-Equal $true (Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -Quiet)

    # Another tenant than the one meant.
    $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -TenantId 'other.example'
    Assert-Equal 'False WrongTenant' "$($answer.HasAccess) $($answer.Reason)"
    Assert-Equal 'Connect-AzAccount -Tenant other.example' $answer.Remedy

    # No right at the tenant.
    $url = & $fail @('--fault', 'forbidden@tenant')
    $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal
    Assert-Equal 'False NotAuthorised' "$($answer.HasAccess) $($answer.Reason)" $answer.Message
    Assert-Equal 'New-AzRoleAssignment -ObjectId 5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6 -RoleDefinitionName Reader -Scope /providers/Microsoft.Insights' $answer.Remedy

    # A right at some scopes: asked for, or seen in the context's subscription.
    $all = (Invoke-Program $Sim @('--help'))
    $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -Scope tenant, "mg:$($Az.TenantId)"
    Assert-Equal 'False SomeScopes' "$($answer.HasAccess) $($answer.Reason)" $answer.Message
    Assert-Equal 'False True' (($answer.Scopes | ForEach-Object { $_.HasAccess }) -join ' ')
    Assert-True ($answer.Remedy -match '-RoleDefinitionName Reader') $answer.Remedy

    # Nobody is there.
    $answer = Test-AzDirectoryActivityAccess -Endpoint $url -AzdalPath $Azdal -AccessToken (New-Token '--aud', 'https://graph.microsoft.com')
    Assert-Equal 'False NotSignedIn' "$($answer.HasAccess) $($answer.Reason)" $answer.Message
}

Test 'Get streams the real log, and its newest events' {
    $now = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    $with = @('--events', '500', '--now', $now)
    $url = Start-Sim $with
    $with = @{ Endpoint = $url; AccessToken = (New-Token); AzdalPath = $Azdal }
    $all = @(Get-AzDirectoryActivityLog @with)
    Assert-True ($all.Count -gt 450) "$($all.Count)"
    for ($i = 1; $i -lt $all.Count; $i++) { Assert-True ($all[$i - 1].EventTimestamp -le $all[$i].EventTimestamp) 'oldest first' }
    $newest = @(Get-AzDirectoryActivityLog @with -MaxRecord 5)
    Assert-Equal 5 $newest.Count
    for ($i = 0; $i -lt 5; $i++) { Assert-Equal $all[$all.Count - 1 - $i].EventTimestamp.Ticks $newest[$i].EventTimestamp.Ticks "newest $i" }
    $caller = $all[-1].Caller
    $his = @(Get-AzDirectoryActivityLog @with -Caller $caller -MaxRecord 3)
    $want = @($all | Where-Object { $_.Caller -eq $caller })
    Assert-Equal ([System.Math]::Min(3, $want.Count)) $his.Count
    Assert-Equal $want[-1].EventTimestamp.Ticks $his[0].EventTimestamp.Ticks
    Assert-Equal (@(Find-AzPrivilegedOperation -InputObject $all[0] -AzdalPath $Azdal).Count) 0
    $first = @(Get-AzDirectoryActivityLog @with | Select-Object -First 1)
    Assert-Equal $all[0].Raw $first[0].Raw
    $piped = @(Get-AzDirectoryActivityLog @with | Find-AzPrivilegedOperation -AzdalPath $Azdal)
    Assert-True ($piped.Count -ge 8) "$($piped.Count) findings"
    Assert-Equal 'tenant' $piped[0].LogScope
    Assert-Equal $null $piped[0].SourcePath
}

Test 'The pipeline holds little of a long log' {
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
    Assert-Equal 12000 $n
    Assert-Equal 24000 $seen.Count
    # Lines come some hundred at a time.
    Assert-True ($most -gt 0 -and $most -lt 1000) "$most are held"
    Assert-Equal 0 @(Import-AzDirectoryActivityLog $path -AzdalPath $Azdal | Find-AzPrivilegedOperation -AzdalPath $Azdal).Count
}
