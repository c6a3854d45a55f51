# The habits of a PowerShell operator: the same line again, wildcards, what is on the pipeline, tables at 80 columns.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
    $RootGroupEvent = "$PSScriptRoot/fixtures/role-assignment-at-root-group.json"
}

Describe 'An export that is brought up to date' {
    BeforeEach {
        Reset-Az
        $url = Start-Sim @('--events', '60')
        $folder = [System.IO.Path]::Combine((New-Folder), 'case')
        $with = @{ Path = $folder; Endpoint = $url; AccessToken = (New-Token); AzdalPath = $Azdal; LogLevel = 'Minimal' }
    }
    AfterEach { Clear-Test }

    It 'goes on with a start that was counted from now' {
        $first = Export-AzDirectoryActivityLog @with -StartTime ([datetime]::Now.AddDays(-30))
        $second = Export-AzDirectoryActivityLog @with -StartTime ([datetime]::Now.AddDays(-30))
        $second.StartTime | Should -Be $first.StartTime
        "$($second.Warnings)" | Should -BeLike '*-StartTime*this export begins at*'
    }

    It 'has its view written again, in the encoding that it had, and in SHA256SUMS' {
        $null = Export-AzDirectoryActivityLog @with -EndTime ([datetime]::Now.AddDays(-40)) -Output CSV -Encoding Unicode
        $second = Export-AzDirectoryActivityLog @with
        $view = [System.IO.Path]::Combine($folder, 'DirectoryActivityLogs.csv')
        $second.Files | Should -Contain $view
        ([System.IO.File]::ReadAllBytes($view)[0..1] -join ' ') | Should -Be '255 254'
        @(Import-Csv $view -Encoding Unicode).Count | Should -Be $second.EventCount
        "$($second.Warnings)" | Should -Not -BeLike '*removed*'
        Test-AzDirectoryActivityLog $folder -Quiet -AzdalPath $Azdal | Should -BeTrue
        [System.IO.File]::AppendAllText($view, 'x')
        Test-AzDirectoryActivityLog $folder -Quiet -AzdalPath $Azdal | Should -BeFalse
    }

    It 'writes views in the encodings that Set-Content and Export-Csv know' {
        $export = Export-AzDirectoryActivityLog @with -Output JSON -Encoding OEM
        $export.EventCount | Should -BeGreaterThan 0
        [System.IO.File]::ReadAllText("$folder/DirectoryActivityLogs.json") | Should -Not -Match '[^\x00-\x7f]'
        foreach ($encoding in 'ANSI', 'ASCII', 'UTF7', 'BigEndianUTF32') {
            $export = Export-AzDirectoryActivityLog @with -Output CSV -Encoding $encoding
            $reads = switch ($encoding) { 'ANSI' { 'Latin1' } 'UTF7' { [System.Text.UTF7Encoding]::new($true) } default { $_ } }
            @(Import-Csv "$folder/DirectoryActivityLogs.csv" -Encoding $reads -WarningAction Ignore).Count | Should -Be $export.EventCount -Because $encoding
        }
    }

    It 'says when an encoding lacks characters, and writes them escaped in JSON' {
        $fake = New-Program @'
if [ "$1" = acquire ]; then mkdir -p "$folder"; : >"$folder/SHA256SUMS"
  echo '{"verdict":"COMPLETE","scopes":[],"query":{}}' >"$folder/manifest.json"; exit; fi
printf '["\303\251\342\202\254\360\237\230\200"]'
'@
        $given = @{ Path = $folder; AccessToken = 't'; AzdalPath = $fake; Encoding = 'ASCII'; WarningVariable = 'said'; WarningAction = 'SilentlyContinue' }
        $null = Export-AzDirectoryActivityLog @given -Output JSON
        "$said" | Should -Be ''
        [System.IO.File]::ReadAllText("$folder/DirectoryActivityLogs.json") | Should -BeExactly '["\u00e9\u20ac\ud83d\ude00"]'
        $null = Export-AzDirectoryActivityLog @given -Output CSV
        "$said" | Should -BeLike '*-Encoding ASCII lacks some characters*'
    }

    It 'takes the ids of subscriptions and groups as Azure writes them for -Scope' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        $null = Assert-Fails Network {
            Export-AzDirectoryActivityLog -Path $folder -AccessToken t -AzdalPath $fake -Scope '/subscriptions/S1', 'sub:/Subscriptions/S2/', 'TENANT', "/providers/Microsoft.Management/managementGroups/mg-one"
        }
        ([System.IO.File]::ReadAllLines("$fake.args") | Where-Object { $_ -match '^(sub|mg|tenant)' }) -join ' ' | Should -BeExactly 'sub:S1 sub:S2 tenant mg:mg-one'
        $null = Assert-Fails Usage { Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Scope all }
        $null = Assert-Fails Usage { Test-AzDirectoryActivityAccess -AccessToken t -AzdalPath $fake -Scope 'sub:*' }
        foreach ($word in 'here', 'mg:*', '00000000-0000-4000-8000-000000000001', '*') {
            { Test-AzDirectoryActivityAccess -AccessToken t -AzdalPath $fake -Scope $word } | Should -Throw '*tenant, mg:ID or sub:ID*'
        }
    }

    It 'is not replaced by -Restart without an answer' {
        $first = Export-AzDirectoryActivityLog @with
        { Export-AzDirectoryActivityLog @with -Restart } | Should -Throw '*-Restart replaces*'
        (Export-AzDirectoryActivityLog @with -Restart -Confirm:$false).EventCount | Should -Be $first.EventCount
    }
}

Describe 'A run without -Path that was interrupted' {
    AfterEach { Clear-Test }

    It 'names its folder, and the same command finds it again' {
        Reset-Az
        $fake = New-Program @'
echo "$folder" >>"$0.folders"
mkdir -p "$folder/.partial"; : >"$folder/.partial/journal"
echo '{"event":"error","code":5,"message":"no route","hint":"look"}' >&2; exit 5
'@
        $here = $PWD.Path
        Set-Location (New-Folder)
        try {
            foreach ($i in 1, 2) { { Export-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake } | Should -Throw '*goes on from there*' }
        } finally {
            Set-Location $here
        }
        @([System.IO.File]::ReadAllLines("$fake.folders") | Sort-Object -Unique).Count | Should -Be 1
    }
}

Describe 'What is read' {
    BeforeAll {
        $copies = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'azdal-habits-' + [guid]::NewGuid().ToString('N'))
        $null = [System.IO.Directory]::CreateDirectory("$copies/empty")
        foreach ($name in 'one.json', 'two[1].json') { [System.IO.File]::Copy($RootGroupEvent, "$copies/$name") }
    }
    AfterAll { [System.IO.Directory]::Delete($copies, $true) }

    It 'is every file that a wildcard matches, and a name with brackets as it is' {
        @(Import-AzDirectoryActivityLog "$copies/*.json" -AzdalPath $Azdal).Count | Should -BeGreaterThan 0
        @(Import-AzDirectoryActivityLog -LiteralPath "$copies/two[1].json" -AzdalPath $Azdal).Count | Should -Be 1
        @(Get-ChildItem $copies -File | Import-AzDirectoryActivityLog -AzdalPath $Azdal).Count | Should -BeGreaterThan 0
    }

    It 'is the rest where one path is bad' {
        foreach ($bad in 'none', 'empty') {
            $found = @(Find-AzPrivilegedOperation "$copies/$bad", "$copies/one.json" -AzdalPath $Azdal -ErrorAction SilentlyContinue -ErrorVariable wrong)
            "$($found.Count) $($wrong.Count) $($wrong[0].CategoryInfo.Category)" | Should -Be '1 1 ObjectNotFound'
        }
    }

    It 'is tested one by one on the pipeline, whatever is not there' {
        $export = New-Program 'case "$*" in *bad*) exit 7;; esac; exit 0' 'verifier'
        $good = @(foreach ($name in 'a', 'c') { [System.IO.Directory]::CreateDirectory("$(New-Folder)/$name").FullName })
        $found = @($good[0], "$(New-Folder)/none", $good[1] | Test-AzDirectoryActivityLog -AzdalPath $export -ErrorAction SilentlyContinue -ErrorVariable wrong)
        "$($found.Path -join ' ') $($wrong.Count)" | Should -Be "$($good -join ' ') 1"
    }

    It 'is text on the pipeline, in lines and in one piece' {
        @([System.IO.File]::ReadAllLines($RootGroupEvent) | Find-AzPrivilegedOperation -AzdalPath $Azdal).Count | Should -Be 1
        @([System.IO.File]::ReadAllText($RootGroupEvent) | Find-AzPrivilegedOperation -AzdalPath $Azdal).Count | Should -Be 1
        @([System.IO.File]::ReadAllText($RootGroupEvent) | Import-AzDirectoryActivityLog -AzdalPath $Azdal).Count | Should -Be 1
    }

    It 'is an event of Get-AzActivityLog, of the old and of the new class' {
        $scope = "$Group/providers/Microsoft.Authorization/roleAssignments/11111111-0000-4000-8000-00000000000a"
        $old = [pscustomobject]@{
            Authorization = [pscustomobject]@{ Scope = $scope; Action = 'Microsoft.Authorization/roleAssignments/write' }
            EventTimestamp = [datetime]::new(2026, 1, 9, 9, 41, 1, [System.DateTimeKind]::Utc); OperationName = 'Create role assignment'
            Status = 'Succeeded'; Caller = 'alice@contoso.example'; EventDataId = 'e1'; ResourceId = $scope; CorrelationId = 'c1'
            Claims = [pscustomobject]@{ Content = @{ appid = 'a1' } }
        }
        $new = [pscustomobject]@{
            AuthorizationAction = 'Microsoft.Authorization/elevateAccess/action'; AuthorizationScope = '/'; Caller = 'bob@contoso.example'
            EventTimestamp = [datetime]::new(2026, 1, 9, 9, 40, 0, [System.DateTimeKind]::Utc); StatusValue = 'Succeeded'; EventDataId = 'e2'
            OperationNameValue = 'Microsoft.Authorization/elevateAccess/action'; OperationNameLocalizedValue = 'x'; HttpRequestClientIPAddress = '203.0.113.7'
        }
        $found = @($old, $new | Find-AzPrivilegedOperation -AzdalPath $Azdal)
        ($found | ForEach-Object { "$($_.Rule) $($_.Caller) $($_.Outcome)" } | Sort-Object) -join '; ' | Should -Be 'elevate-access bob@contoso.example Succeeded; role-assignment-mg alice@contoso.example Succeeded'
        @($found | Where-Object Rule -eq 'elevate-access')[0].CallerIpAddress | Should -Be '203.0.113.7'
    }

    It 'is refused once where it is something else, however many there are' {
        foreach ($body in { 1..50 | Find-AzPrivilegedOperation @with }, { 1..50 | Get-AzPrivilegedActivity @with }, { 1..50 | Export-AzDirectoryActivityReport "$(New-Folder)/r.html" -Force @with }) {
            $with = @{ AzdalPath = $Azdal; ErrorVariable = 'wrong'; ErrorAction = 'SilentlyContinue'; WarningVariable = 'said'; WarningAction = 'SilentlyContinue' }
            $null = . $body
            "$($wrong.Count) $said" | Should -BeLike '1 50 objects on the pipeline were neither*'
        }
    }

    It 'is named where there is nothing to read, or no rule or operation of that name' {
        $null = Assert-Fails Usage { Get-AzPrivilegedActivity -AzdalPath $Azdal }
        @() | Get-AzPrivilegedActivity -AzdalPath $Azdal | Should -BeNullOrEmpty
        foreach ($pair in @('elevate-acess', '*no rule of that name*elevate-access*'), @('ELEVATE-*', '')) {
            $null = Find-AzPrivilegedOperation $RootGroupEvent -Rule $pair[0] -AzdalPath $Azdal -WarningVariable said -WarningAction SilentlyContinue
            "$said" | Should -BeLike $pair[1]
        }
        foreach ($pair in @('Microsoft.Authorisation/elevateAccess/action', '*no rule looks at*'), @('MICROSOFT.AUTHORIZATION/ELEVATEACCESS/ACTION', ''), @('*roleAssignments*', ''),
            @('Microsoft.KeyVault/vaults/providers/Microsoft.Insights/diagnosticSettings/write', '')) {
            $null = Find-AzPrivilegedOperation $RootGroupEvent -Operation $pair[0] -AzdalPath $Azdal -WarningVariable said -WarningAction SilentlyContinue
            "$said" | Should -BeLike $pair[1]
        }
    }

    It 'passes -Rule and a -Caller with a wildcard' {
        @(Find-AzPrivilegedOperation $RootGroupEvent -Rule 'role-*' -AzdalPath $Azdal).Count | Should -Be 1
        @(Find-AzPrivilegedOperation $RootGroupEvent -Rule 'elevate-*' -AzdalPath $Azdal).Count | Should -Be 0
        @(Find-AzPrivilegedOperation $RootGroupEvent -Caller '*@nobody.example' -AzdalPath $Azdal).Count | Should -Be 0
    }
}

Describe 'What is shown' {
    It 'says at 80 columns who gave what to whom, where, and keeps ids whole' {
        $finding = New-Finding @{ PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; PrincipalType = 'User'; RoleDefinitionName = 'Owner'; Scope = '/'; Severity = 'critical' }
        $rows = New-Row 'r9' '/'
        $shown = @($finding) + @($finding | Join-AzRoleAssignment -RoleAssignment $rows -IncludeUnlogged) | Out-String -Width 80
        @([regex]::Matches($shown, 'Time \(UTC\)')).Count | Should -Be 1 -Because 'findings, joined ones and unlogged assignments are one table'
        foreach ($word in 'admin@contoso.example', 'gave Owner', 'aaaaaaaa-0000-0000-0000-000000000001', 'critical', 'which no event explains') {
            ($shown -replace '\s+', ' ') | Should -BeLike "*$word*"
        }
    }

    It 'sorts severities by rank' {
        $all = foreach ($one in 'high', 'informational', 'critical', 'low', 'medium') { New-Finding @{ Severity = $one } }
        ($all | Sort-Object SeverityRank | ForEach-Object Severity) -join ' ' | Should -Be 'informational low medium high critical'
    }

    It 'completes rules, which are those of azdal, and scopes' {
        $line = 'Find-AzPrivilegedOperation x -Rule elevate'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'elevate-access'
        $line = 'Find-AzPrivilegedOperation x -Rule '
        $offered = @((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText) | Sort-Object
        $known = @((Invoke-Program $Azdal @('rules')).Split("`n") | ForEach-Object { if ($_ -cmatch '^([a-z][a-z-]+): ') { $Matches[1] } } | Sort-Object -Unique)
        $offered -join ' ' | Should -Be ($known -join ' ')
        $line = 'Find-AzPrivilegedOperation x -Operation '
        $offered = @((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText) | Sort-Object -CaseSensitive
        $known = @()
        foreach ($text in (Invoke-Program $Azdal @('rules')).Split("`n")) {
            if ($text -match '^    operations +(.*)') { $known += $Matches[1] -split ', *' } elseif ($text -match '^ {16}(\S*/\S.*)' -and $known) { $known += $Matches[1] -split ', *' }
        }
        $known = @($known | Where-Object { $_ -match '/' } | Sort-Object -CaseSensitive -Unique)
        $offered -join ' ' | Should -Be ($known -join ' ')
        foreach ($pair in @(@('Export-AzDirectoryActivityLog x -Scope al', 'all'), @('Test-AzDirectoryActivityAccess -Scope te', 'tenant')
                @('Find-AzPrivilegedOperation x -Operation *locks', 'Microsoft.Authorization/locks/delete'), @("Find-AzPrivilegedOperation x -Rule 'elev", "'elevate-access'"))) {
            (TabExpansion2 $pair[0] $pair[0].Length).CompletionMatches.CompletionText | Should -Be $pair[1]
        }
    }

    It 'completes callers: of the files that are named, else of what was found before' {
        $file = Join-Path $TestDrive 'callers.json'
        $made = foreach ($who in 'eve@contoso.example', "mallory o'neil; `$(throw)", 'eve-[2]@contoso.example', "bad`u{202e}name", 'eve@contoso.example') {
            @{
                eventTimestamp = '2026-11-20T10:00:00Z'; eventDataId = [guid]::NewGuid(); caller = $who; status = @{ value = 'Succeeded' }
                operationName = @{ value = 'Microsoft.Authorization/elevateAccess/action' }; resourceId = '/providers/Microsoft.Authorization'
            }
        }
        [System.IO.File]::WriteAllText($file, (ConvertTo-Json @($made) -Depth 5))
        $line = "Find-AzPrivilegedOperation '$file' -AzdalPath '$Azdal' -Caller "
        $offered = @((TabExpansion2 $line $line.Length).CompletionMatches.CompletionText)
        $offered -join '|' | Should -BeExactly "'eve-``[2``]@contoso.example'|eve@contoso.example|'mallory o''neil; `$(throw)'"
        foreach ($text in $offered) {
            # What is offered finds that caller, and nothing in it runs.
            @(Invoke-Expression ($line + $text)).Count | Should -BeGreaterThan 0 -Because $text
        }
        foreach ($line in "Import-AzDirectoryActivityLog '$file'", "Get-AzPrivilegedActivity -Path '$file'") {
            $line += " -AzdalPath '$Azdal' -Caller `"eve@"
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -BeExactly '"eve@contoso.example"'
        }
        $line = 'Get-AzDirectoryActivityLog -Caller *mall'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -BeExactly "'mallory o''neil; `$(throw)'"
    }

    It 'joins an event of the new class of Az.Monitor' {
        $event1 = [pscustomobject]@{
            AuthorizationAction = 'Microsoft.Authorization/roleAssignments/write'; AuthorizationScope = "$Group/providers/Microsoft.Authorization/roleAssignments/r1"
            StatusValue = 'Succeeded'; EventTimestamp = [datetime]::UtcNow; OperationNameValue = 'Microsoft.Authorization/roleAssignments/write'
        }
        ($event1 | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group)).State | Should -Be 'Active'
    }

    It 'completes the names of properties' {
        foreach ($line in 'Find-AzPrivilegedOperation x | Where-Object CallerIp', 'Find-AzPrivilegedOperation x | Join-AzRoleAssignment | Where-Object CurrentPrin', 'Export-AzDirectoryActivityLog x | Select-Object Manifest',
            'Import-AzDirectoryActivityLog x | Where-Object Caller', 'Test-AzDirectoryActivityLog x | Select-Object IsVal', '(Test-AzDirectoryActivityAccess).Rem') {
            (TabExpansion2 $line $line.Length).CompletionMatches.Count | Should -BeGreaterThan 0 -Because $line
        }
    }
}

Describe 'Look-ups that fail' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'are answered by the own list of the export, and say so' {
        Install-AzAccounts; Install-AzResources
        $url = Start-Sim @('--events', '60')
        $folder = (New-Folder) + '/case'
        $null = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -LogLevel None -IncludeRoleAssignment
        $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        foreach ($scope in '/', "/providers/microsoft.management/managementgroups/$($Az.TenantId)") { $global:Az.Rows[$scope] = { throw [System.NullReferenceException]::new('no subscription') } }
        $all = @(Find-AzPrivilegedOperation $folder -AzdalPath $Azdal | Join-AzRoleAssignment | Where-Object Source -eq 'Export')
        $all.Count | Should -BeGreaterThan 0
        foreach ($one in $all) { $one.StateReason | Should -BeLike "LookupFailed: *; the export's own list answers" }
        $active = @($all | Where-Object State -eq 'Active')[0]
        $active.Remedy | Should -BeLike 'Remove-AzRoleAssignment -ObjectId * -RoleDefinitionId * -Scope /*'
        @(Find-AzPrivilegedOperation $folder -AzdalPath $Azdal | Join-AzRoleAssignment -Offline | Where-Object State -eq 'Active').Count | Should -BeGreaterThan 0
    }

    It 'tell Microsoft Graph from Azure' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows['/'] = { throw [System.InvalidOperationException]::new('Insufficient privileges to complete the operation.') }
        (New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment).StateReason | Should -Be 'GraphForbidden'
    }
}

Describe 'Tokens' {
    BeforeEach { Reset-Az; Install-AzAccounts }
    AfterEach { Clear-Test }

    It 'are asked for under the names that Az may know' {
        $null = $ExecutionContext.InvokeProvider.Item.Set('function:global:Get-AzAccessToken', {
                [CmdletBinding()] param([string] $ResourceUrl, [object] $DefaultProfile)
                if ($ResourceUrl) { throw "no token for $ResourceUrl" }
                [pscustomobject]@{ Token = 'abc' }
            })
        $fake = New-Program 'echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; echo "$t" >"$0.token"; exit 5'
        { Export-AzDirectoryActivityLog ((New-Folder) + '/case') -AzdalPath $fake } | Should -Throw
        [System.IO.File]::ReadAllText("$fake.token").Trim() | Should -Be 'abc'
    }

    It 'are taken as an object of Get-AzAccessToken or of az, and with Bearer in front' {
        $fake = New-Program 'echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; echo "$t" >"$0.token"; exit 5'
        foreach ($token in [pscustomobject]@{ Token = 'abc' }, [pscustomobject]@{ accessToken = 'abc'; tokenType = 'Bearer' }, 'Bearer abc') {
            { Export-AzDirectoryActivityLog ((New-Folder) + '/case') -AzdalPath $fake -AccessToken $token } | Should -Throw
            [System.IO.File]::ReadAllText("$fake.token").Trim() | Should -Be 'abc'
        }
    }
}

Describe 'The module in other sessions' {
    It 'loads beside a copy of another version' {
        $text = '$m = $args[0]; $t = $args[1]
            foreach ($v in "0.1.0", "0.9.0") { $null = [IO.Directory]::CreateDirectory("$t/$v"); Copy-Item -Recurse $m "$t/$v/AzDirectoryActivityLog"
                $f = "$t/$v/AzDirectoryActivityLog/AzDirectoryActivityLog.psd1"; [IO.File]::WriteAllText($f, [regex]::Replace([IO.File]::ReadAllText($f), "ModuleVersion = .\d+\.\d+\.\d+.", "ModuleVersion = ''$v''")) }
            foreach ($v in "0.1.0", "0.9.0") { Import-Module "$t/$v/AzDirectoryActivityLog/AzDirectoryActivityLog.psd1" -ErrorAction Stop }
            @(Get-Module AzDirectoryActivityLog).Count'
        $script = New-File 'copies.ps1' $text
        try {
            $said = & "$PSScriptRoot/powershell" -File $script ([System.IO.Path]::GetDirectoryName($Module)) (New-Folder)
            "$said" | Should -Be '2'
        } finally { Clear-Test }
    }

    It 'names azdal where the language is constrained' {
        $script = New-File 'constrained.ps1' ('$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"; Import-Module ' + "'$Module'")
        try {
            $said = & "$PSScriptRoot/powershell" -File $script 2>&1
            ("$said" -replace '[\s|]+', ' ') | Should -BeLike '*azdal does the same work*'
        } finally { Clear-Test }
    }
}
