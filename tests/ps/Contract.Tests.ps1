# What other people's scripts lean on: exports, parameters, properties, ids, help, views.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
}

Describe 'What the scripts of others depend on' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'The module exports its functions and nothing else' {
        $commands = @(Get-Command -Module AzDirectoryActivityLog | ForEach-Object { $_.Name })
        [array]::Sort($commands)
        $known = @('Export-AzDirectoryActivityLog', 'Export-AzDirectoryActivityReport', 'Find-AzPrivilegedOperation', 'Get-AzDirectoryActivityLog', 'Get-AzPrivilegedActivity', 'Import-AzDirectoryActivityLog', 'Join-AzRoleAssignment', 'Test-AzDirectoryActivityAccess', 'Test-AzDirectoryActivityLog')
        $report = [System.IO.Path]::Combine($TestRoot, 'ps', 'AzDirectoryActivityLog', 'Public', 'Export-AzDirectoryActivityReport.ps1')
        if (-not [System.IO.File]::Exists($report)) { $known = @($known | Where-Object { $_ -ne 'Export-AzDirectoryActivityReport' }) }
        $commands -join ' ' | Should -BeExactly ($known -join ' ')
        $loaded = Get-Module AzDirectoryActivityLog
        $loaded.ExportedVariables.Count | Should -BeExactly 0
        $loaded.ExportedAliases.Count | Should -BeExactly 0
        # The manifest, the loader and the files of Public say the same.
        $files = @([System.IO.Directory]::GetFiles([System.IO.Path]::Combine($loaded.ModuleBase, 'Public'), '*.ps1') | ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) })
        [array]::Sort($files)
        $commands -join ' ' | Should -BeExactly ($files -join ' ')
    }

    It 'Import is silent, needs no Az, and leaves the session as it was' {
        Remove-Module AzDirectoryActivityLog
        $before = @(Get-Module | ForEach-Object { $_.Name })
        $out = @(Import-Module -Name $Module -PassThru:$false 3>&1 4>&1 5>&1 6>&1)
        $out.Count | Should -BeExactly 0
        $after = @(Get-Module | ForEach-Object { $_.Name } | Where-Object { $_ -ne 'AzDirectoryActivityLog' })
        $after -join ' ' | Should -BeExactly ($before -join ' ')
        foreach ($name in 'Files', 'File', 'Folder', 'Children') {
            $null -eq $ExecutionContext.SessionState.PSVariable.Get("global:$name") | Should -BeTrue -Because "$name leaked"
        }
    }

    It 'The manifest lists every file, and says where it runs' {
        $loaded = Get-Module AzDirectoryActivityLog
        $manifest = Import-PowerShellDataFile $loaded.Path.Replace('.psm1', '.psd1')
        $there = @([System.IO.Directory]::GetFiles($loaded.ModuleBase, '*', 'AllDirectories') | ForEach-Object { [System.IO.Path]::GetRelativePath($loaded.ModuleBase, $_).Replace('\', '/') } | Where-Object { $_ -notlike 'bin/*' } | Sort-Object)
        (@($manifest.FileList) | Sort-Object) -join "`n" | Should -BeExactly ($there -join "`n")
        foreach ($tag in 'Windows', 'Linux', 'PSEdition_Core', 'PSEdition_Desktop') { $manifest.PrivateData.PSData.Tags | Should -Contain $tag }
        $manifest.PrivateData.PSData.ReleaseNotes | Should -Not -BeNullOrEmpty
    }

    It 'The exact parameters of each function' {
        $common = 'Verbose Debug ErrorAction WarningAction InformationAction ProgressAction ErrorVariable WarningVariable InformationVariable OutVariable OutBuffer PipelineVariable'.Split(' ')
        $session = 'AzdalPath Endpoint AccessToken TokenCommand DefaultProfile'
        $expected = @{
            'Get-AzDirectoryActivityLog'      = "StartTime EndTime Scope Caller Status CorrelationId MaxRecord DetailedOutput $session"
            'Export-AzDirectoryActivityLog'   = "Path StartTime EndTime Scope IncludeRoleAssignment Split Strict Restart Connection Level CertificatePath Output Encoding LogLevel $session WhatIf Confirm"
            'Import-AzDirectoryActivityLog'   = 'Path LiteralPath StartTime EndTime Operation Caller DetailedOutput AzdalPath'
            'Find-AzPrivilegedOperation'      = 'Path LiteralPath InputObject StartTime EndTime Operation Caller Rule MinimumSeverity AzdalPath'
            'Join-AzRoleAssignment'           = 'InputObject RoleAssignment IncludeUnlogged Offline AzdalPath DefaultProfile'
            'Get-AzPrivilegedActivity'        = 'Path InputObject StartTime EndTime Caller All Detailed AzdalPath'
            'Test-AzDirectoryActivityLog'     = 'Path LiteralPath Quiet AzdalPath'
            'Test-AzDirectoryActivityAccess'  = "Scope TenantId Quiet $session"
        }
        foreach ($name in $expected.Keys) {
            $got = @((Get-Command $name).Parameters.Keys | Where-Object { $common -notcontains $_ })
            $got -join ' ' | Should -BeExactly $expected[$name] -Because $name
        }
        foreach ($name in 'Get-AzDirectoryActivityLog', 'Export-AzDirectoryActivityLog', 'Import-AzDirectoryActivityLog', 'Find-AzPrivilegedOperation') {
            $parameters = (Get-Command $name).Parameters
            $parameters.StartTime.ParameterType.Name.ToLowerInvariant() | Should -BeExactly 'datetime'
            $parameters.StartTime.Aliases[0] | Should -BeExactly 'StartDate' -Because $name
            $parameters.EndTime.Aliases[0] | Should -BeExactly 'EndDate' -Because $name
        }
        (Get-Command Find-AzPrivilegedOperation).Parameters.Path.Aliases[0] | Should -BeExactly 'FullName'
        (Get-Command Export-AzDirectoryActivityLog).Parameters.Path.Aliases[0] | Should -BeExactly 'OutputDir'
        ((Get-Command Export-AzDirectoryActivityLog).Parameters.Path.ParameterSets.Values | ForEach-Object { $_.Position }) | Should -BeExactly 0
    }

    It 'A call of Get-DirectoryActivityLogs binds after changing the name' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        foreach ($format in 'CSV', 'JSON', 'JSONL', 'csv') {
            $null = Assert-Fails Network {
                Export-AzDirectoryActivityLog -StartDate 2026-11-01 -EndDate '2026-11-12 10:00:00' -OutputDir ((New-Folder) + '/Output') -Output $format -Encoding UTF8 -LogLevel Standard -AccessToken t -AzdalPath $fake
            }
        }
        $words = [System.IO.File]::ReadAllLines("$fake.args")
        $want = [datetime]::new(2026, 11, 1).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss')
        $words[[array]::IndexOf($words, '--since') + 1].StartsWith($want) | Should -BeTrue
    }

    It 'The default folder is named by the time and lies below the current location' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        $null = $ExecutionContext.SessionState.Path.PushCurrentLocation('x')
        try {
            $null = $ExecutionContext.SessionState.Path.SetLocation((New-Folder))
            $null = Assert-Fails Network { Export-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake }
        } finally {
            $null = $ExecutionContext.SessionState.Path.PopLocation('x')
        }
        $words = [System.IO.File]::ReadAllLines("$fake.args")
        $parent = [System.IO.Path]::Combine((New-Folder), 'Output', 'Directory Activity Logs')
        [System.IO.Path]::GetDirectoryName($words[-1]) | Should -BeExactly $parent
        [System.IO.Path]::GetFileName($words[-1]) | Should -Match '^\d{8}-\d{6}$'
    }

    It 'Error ids and categories follow the exit statuses of azdal' {
        $map = & (Get-Module AzDirectoryActivityLog) { $script:ExitStatus }
        $help = Invoke-Program $Azdal @('--help')
        $codes = @([regex]::Matches($help.Substring($help.IndexOf('Exit status:')), '(?m)^  (\d+) ') | ForEach-Object { [int]$_.Groups[1].Value } | Where-Object { $_ -ne 0 })
        $mine = @($map.Keys)
        [array]::Sort($mine)
        $mine -join ' ' | Should -BeExactly ($codes -join ' ')
        # The names are in the one table of the source.
        $source = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($TestRoot, 'src', 'base', 'err.c'))
        $header = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($TestRoot, 'src', 'base', 'err.h'))
        $rows = [regex]::Matches($source, '\{(ERR_\w+),\s*"(\w+)"')
        $rows.Count | Should -BeExactly $mine.Count
        foreach ($row in $rows) {
            $code = [int][regex]::Match($header, $row.Groups[1].Value + ' = (\d+)').Groups[1].Value
            $map[$code].Id | Should -BeExactly $row.Groups[2].Value
            $null = [System.Management.Automation.ErrorCategory]$map[$code].Category
        }
        $own = & (Get-Module AzDirectoryActivityLog) { $script:OwnError }
        foreach ($id in 'HelperNotFound', 'HelperVersion', 'NotSignedIn', 'WrongTenant') {
            $own.ContainsKey($id) | Should -BeTrue -Because $id
        }
    }

    It 'Findings have the names of azdal scan, in PascalCase and in order' {
        $mine = & (Get-Module AzDirectoryActivityLog) { $script:FindingProperty }
        $design = 'Time Rule Severity Title Outcome Operation Caller CallerObjectId CallerAppId CallerIpAddress TenantId Scope ScopeKind ResourceId RoleAssignmentName RoleAssignmentId PrincipalId PrincipalType RoleDefinitionId RoleDefinitionName SelfAssigned EndedTime EndedBy StateAtExport StoryId CorrelationId OperationId EventDataIds Techniques Notes LogScope SourcePath SourceLine'
        $mine -join ' ' | Should -BeExactly $design
        $finding = Find-AzPrivilegedOperation "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json" -AzdalPath $Azdal
        ($finding.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ' | Should -BeExactly $design
        $finding.PSObject.TypeNames[0] | Should -BeExactly 'AzDirectoryActivityLog.Finding'
        $finding.Time.Kind | Should -BeExactly 'Utc'
        $finding.Time.ToString('o') | Should -BeExactly '2026-11-06T08:00:45.4561070Z'
        $finding.EventDataIds -is [array] | Should -BeTrue -Because 'lists are lists'
        $finding.Notes -is [array] | Should -BeTrue -Because 'lists are lists, also empty ones'
        $finding.Rule | Should -BeExactly 'role-assignment-root'
        $finding.ScopeKind | Should -BeExactly 'tenantRootGroup'
        $joined = $finding | Join-AzRoleAssignment -RoleAssignment @()
        ($joined.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ' | Should -BeExactly "$design State StateReason Source PrincipalDisplayName PrincipalSignInName CurrentPrincipalId CurrentRoleDefinitionId CurrentRoleDefinitionName Condition LookupScope LookupTime Remedy"
    }

    It 'Events have the names of Get-AzActivityLog and more, wherever they come from' {
        $names = 'Authorization Caller CorrelationId Description EventDataId EventName Category EventTimestamp Id Level OperationId OperationName ResourceGroupName ResourceProviderName ResourceId Status SubmissionTimestamp SubscriptionId SubStatus ResourceType TenantId Channels LogScope SourcePath SourceLine Raw Claims HttpRequest Properties'
        $file = [System.IO.Path]::GetFullPath("$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json")
        $imported = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
        $line = $imported.Raw
        $fake = New-Program "cat <<'X'`n$line`nX"
        $got = Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake
        foreach ($one in $imported, $got) {
            ($one.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ' | Should -BeExactly $names
            $one.PSObject.TypeNames[0] | Should -BeExactly 'AzDirectoryActivityLog.Event'
            $one.EventTimestamp.Kind | Should -BeExactly 'Utc'
            $one.EventTimestamp.ToString('o') | Should -BeExactly '2026-11-06T08:00:45.4561070Z'
            $one.Authorization.Action | Should -BeExactly 'Microsoft.Authorization/roleAssignments/write'
            $one.OperationName | Should -BeExactly 'Microsoft.Authorization/roleAssignments/write'
            $one.Status | Should -BeExactly 'Succeeded'
            $one.ResourceProviderName | Should -BeExactly 'Microsoft.Authorization'
            $one.Channels | Should -BeExactly 'Operation'
            $one.Claims.ipaddr | Should -BeExactly '203.0.113.7'
            $one.Properties.statusCode | Should -BeExactly 'Created'
            $one.HttpRequest | Should -BeExactly $null
            $one.Raw | Should -BeExactly $line
        }
        # Both ways tell the same, but for where it was found.
        foreach ($name in $names.Split(' ')) {
            if ('LogScope', 'SourcePath', 'SourceLine', 'Authorization', 'Claims', 'Properties' -contains $name) { continue }
            $got.$name | Should -BeExactly $imported.$name -Because $name
        }
        $got.LogScope | Should -BeExactly 'tenant'
        $imported.SourcePath | Should -BeExactly $file
        $imported.SourceLine | Should -BeExactly 1
        $line -notmatch "`n" | Should -BeTrue -Because 'Raw is one line'
    }

    It 'Empty texts are null, also where the service writes them as objects' {
        $file = New-File 'x.ndjson' '{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","subStatus":{"value":"","localizedValue":""},"status":{"value":"Started"},"resourceGroupName":"","level":null}'
        $fake = New-Program 'cat "${0%/*}/x.ndjson"; echo'
        foreach ($one in (Import-AzDirectoryActivityLog $file -AzdalPath $Azdal), @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake)[0]) {
            foreach ($name in 'SubStatus', 'ResourceGroupName', 'Level', 'Caller') { $null -eq $one.$name | Should -BeTrue -Because "$name is not null" }
            $one.Status | Should -BeExactly 'Started'
            $one.OperationName | Should -BeExactly 'a/b'
        }
    }

    It 'Claims and Properties are parsed when first read, and kept' {
        $one = Import-AzDirectoryActivityLog "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json" -AzdalPath $Azdal
        [string]$one.PSObject.Properties['Claims'].MemberType | Should -BeExactly 'ScriptProperty'
        $first = $one.Claims
        [string]$one.PSObject.Properties['Claims'].MemberType | Should -BeExactly 'NoteProperty'
        [string]$one.PSObject.Properties['Properties'].MemberType | Should -BeExactly 'NoteProperty'
        [object]::ReferenceEquals($first, $one.Claims) | Should -BeTrue
    }

    It 'An event that no rule looks at is joined as what it is' {
        $file = New-File 'x.json' '{"authorization":{"action":"Microsoft.Resources/deployments/write","scope":"/subscriptions/s/resourceGroups/g/providers/a/b/c"},"caller":"x@contoso.example","eventDataId":"1","correlationId":"k","operationId":"o","eventTimestamp":"2026-11-01T00:00:00Z","operationName":{"value":"Microsoft.Resources/deployments/write"},"status":{"value":"Accepted"},"tenantId":"t"}'
        $one = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal | Join-AzRoleAssignment -RoleAssignment @()
        $one.State | Should -BeExactly 'NotApplicable'
        $one.Rule | Should -BeNullOrEmpty
        $one.Outcome | Should -BeExactly 'Started'
        $one.ScopeKind | Should -BeExactly 'resource'
        "$($one.SourcePath) $($one.SourceLine) $($one.EventDataIds)" | Should -BeExactly "$file 1 1"
    }

    It 'Events that ConvertFrom-Json refuses come out of Import, with a warning' {
        $file = New-File 'odd.ndjson' ('{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"c","claims":{"Name":"1","name":"2"},"properties":{"a":"b"}}' + "`n" + '{"eventDataId":"2","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"c","claims":{"ok":"1"},"properties":{"a":"b"}}' + "`n")
        $all = @(Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -WarningAction SilentlyContinue -WarningVariable warned)
        $all.Count | Should -BeExactly 2
        $warned.Count | Should -BeExactly 1
        $warned[0].Message -match 'line 1' | Should -BeTrue -Because $warned[0].Message
        $all[0].Caller | Should -BeExactly 'c'
        $all[0].Claims | Should -BeExactly $null
        $all[0].Properties | Should -BeExactly $null
        $all[1].Claims.ok | Should -BeExactly '1'
        $all[0].Raw.Contains('"Name":"1","name":"2"') | Should -BeTrue
    }

    It 'Cells with commas, quotes, breaks and formulas come back as they were' {
        $hard = 'a,b "c" {"d"} ,"{ = + -' + "`n" + 'second ,"{""x""}' + "`n" + '}"'
        $json = { param($s) '"' + $s.Replace('\', '\\').Replace('"', '\"').Replace("`n", '\n') + '"' }
        $file = New-File "it's, ""odd"".ndjson" ('{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"=cmd()","description":' + (& $json $hard) + ',"level":"' + "'+x" + '"}' + "`n" + '{"eventDataId":"2","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:01Z","caller":"-1","description":null}' + "`n")
        $all = @(Import-AzDirectoryActivityLog $file -AzdalPath $Azdal)
        $all.Count | Should -BeExactly 2
        $all[0].Caller | Should -BeExactly '=cmd()'
        $all[0].Description | Should -BeExactly $hard
        $all[0].Level | Should -BeExactly "'+x" -Because 'the quote is the event''s own'
        $all[1].Caller | Should -BeExactly '-1'
        $all[1].Description | Should -BeExactly $null
        $all[0].SourcePath | Should -BeExactly $file
        $all[1].SourceLine | Should -BeExactly 2
        [regex]::Match($all[0].Raw, '"description":("(?:[^"\\]|\\.)*")').Groups[1].Value | Should -BeExactly (& $json $hard)
    }

    It 'Every function has help with a synopsis, an example and every parameter' {
        $common = 'Verbose Debug ErrorAction WarningAction InformationAction ProgressAction ErrorVariable WarningVariable InformationVariable OutVariable OutBuffer PipelineVariable WhatIf Confirm'.Split(' ')
        foreach ($command in Get-Command -Module AzDirectoryActivityLog) {
            $help = $command.ScriptBlock.Ast.GetHelpContent()
            $null -ne $help | Should -BeTrue -Because "$($command.Name) has no help"
            $help.Synopsis.Trim().Length -gt 20 | Should -BeTrue -Because "$($command.Name): synopsis"
            $help.Description.Trim().Length -gt 40 | Should -BeTrue -Because "$($command.Name): description"
            $help.Examples.Count -gt 0 | Should -BeTrue -Because "$($command.Name): examples"
            $help.Outputs.Count -gt 0 | Should -BeTrue -Because "$($command.Name): outputs"
            $help.Inputs.Count -gt 0 | Should -BeTrue -Because "$($command.Name): inputs"
            $command.HelpUri | Should -Not -BeNullOrEmpty -Because "$($command.Name): HelpUri"
            foreach ($example in $help.Examples) {
                $code, $said = $example.Trim() -split '\r?\n\s*\r?\n', 2
                $said | Should -Match '[a-z].*\.$' -Because "$($command.Name): a sentence with $code"
                $code | Should -Match $command.Name
                $problem = $null
                $tree = [System.Management.Automation.Language.Parser]::ParseInput($code, [ref]$null, [ref]$problem)
                $problem | Should -BeNullOrEmpty -Because $code
                foreach ($call in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                    $known = Get-Command -Module AzDirectoryActivityLog -Name $call.GetCommandName() -ErrorAction Ignore
                    if ($null -eq $known) { continue }
                    foreach ($word in $call.CommandElements) {
                        if ($word -is [System.Management.Automation.Language.CommandParameterAst]) {
                            $known.Parameters.ContainsKey($word.ParameterName) | Should -BeTrue -Because "$($word.Extent) in: $code"
                        }
                    }
                }
            }
            foreach ($name in $command.Parameters.Keys) {
                if ($common -contains $name) { continue }
                $help.Parameters.ContainsKey($name.ToUpperInvariant()) | Should -BeTrue -Because "$($command.Name) -$name has no help"
            }
            $command.OutputType.Count -gt 0 | Should -BeTrue -Because "$($command.Name) has no OutputType"
        }
        $about = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($TestRoot, 'ps', 'AzDirectoryActivityLog', 'en-US', 'about_AzDirectoryActivityLog.help.txt'))
        foreach ($command in Get-Command -Module AzDirectoryActivityLog) {
            $about.Contains($command.Name) | Should -BeTrue -Because "about_ does not name $($command.Name)"
        }
        foreach ($word in 'Active', 'Changed', 'Removed', 'NotApplied', 'Pending', 'NotApplicable', 'Unknown', 'EmptyList', 'Forbidden', 'WrongTenant', 'NoCallerObjectId', 'LookupFailed', 'Eligible', 'NotListed', 'HelperNotFound', 'HelperVersion', 'NotSignedIn', 'Incomplete') {
            $about.Contains($word) | Should -BeTrue -Because "about_ does not name $word"
        }
    }

    It 'Views show the objects, and control and bidirectional characters do not reach the screen' {
        $evil = 'evil' + [char]0x202e + 'x' + [char]27 + '[2Jy'
        $rows = @(New-Row 'r1' '/' -DisplayName $evil -SignInName $evil -RoleName "Own${evil}er")
        $finding = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; Caller = $evil; Severity = 'high'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
        $shown = $finding | Out-String -Width 220
        $shown += $finding | Join-AzRoleAssignment -RoleAssignment $rows -IncludeUnlogged | Out-String -Width 220
        $both = @($finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' '/' -DisplayName $evil -SignInName $evil) -IncludeUnlogged)
        $shown += $both[1] | Out-String -Width 220
        $file = New-File 'x.json' '{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"evil\u202ex\u001b[2Jy","claims":{"a\u202eb":"c\u001bd"}}'
        $shown += Import-AzDirectoryActivityLog $file -AzdalPath $Azdal | Out-String -Width 220
        $shown += Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -DetailedOutput | Out-String -Width 220
        $text = [regex]::Replace($shown, '\x1b\[[0-9;]*m', '')
        foreach ($part in 'Finding', 'Active', 'evil\?x', 'State', 'which\s+no\s+event', 'EventDataId', 'Claims', '2026-11-20 10:00') {
            $text -match $part | Should -BeTrue -Because "$part is not in:`n$text"
        }
        $text.IndexOf([char]0x202e) -lt 0 | Should -BeTrue -Because 'a bidirectional character came through'
        $text.IndexOf([char]27) -lt 0 | Should -BeTrue -Because 'a control character came through'
    }

    It 'DetailedOutput changes the view only' {
        $file = "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json"
        $plain = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
        $detailed = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -DetailedOutput
        $detailed.PSObject.TypeNames[0..1] -join ' ' | Should -BeExactly 'AzDirectoryActivityLog.Event.Detailed AzDirectoryActivityLog.Event'
        ($detailed.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ' | Should -BeExactly (($plain.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')
        $detailed.Claims.ipaddr | Should -BeExactly '203.0.113.7'
    }

    It 'Times are read from text and from dates' {
        $read = { param($x) & (Get-Module AzDirectoryActivityLog) { param($v) ConvertTo-UtcTime $v } $x }
        (& $read '2026-11-06T08:00:45.456107Z').ToString('o') | Should -BeExactly '2026-11-06T08:00:45.4561070Z'
        (& $read '2026-11-06T08:00:45.123456789Z').ToString('o') | Should -BeExactly '2026-11-06T08:00:45.1234567Z'
        (& $read '2026-11-06T08:00:45+02:00').ToString('o') | Should -BeExactly '2026-11-06T06:00:45.0000000Z'
        (& $read ([datetime]::new(2026, 11, 6, 8, 0, 45))).ToString('o') | Should -BeExactly '2026-11-06T08:00:45.0000000Z'
        (& $read ([datetime]::new(2026, 11, 6, 8, 0, 45, [System.DateTimeKind]::Utc).ToLocalTime())).ToString('o') | Should -BeExactly '2026-11-06T08:00:45.0000000Z'
        (& $read ([System.DateTimeOffset]::new(2026, 11, 6, 8, 0, 0, [timespan]::FromHours(2)))).ToString('o') | Should -BeExactly '2026-11-06T06:00:00.0000000Z'
        foreach ($nothing in $null, '', 'soon') { (& $read $nothing) | Should -BeExactly $null }
    }
}
