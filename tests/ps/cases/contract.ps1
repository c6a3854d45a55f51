# What other people's scripts lean on: exports, parameters, properties, ids, help, views.

Test 'The module exports its functions and nothing else' {
    $commands = @(Get-Command -Module AzDirectoryActivityLog | ForEach-Object { $_.Name })
    [array]::Sort($commands)
    $known = @('Export-AzDirectoryActivityLog', 'Export-AzDirectoryActivityReport', 'Find-AzPrivilegedOperation', 'Get-AzDirectoryActivityLog', 'Import-AzDirectoryActivityLog', 'Join-AzRoleAssignment', 'Test-AzDirectoryActivityAccess', 'Test-AzDirectoryActivityLog')
    $report = [System.IO.Path]::Combine($TestRoot, 'ps', 'AzDirectoryActivityLog', 'Public', 'Export-AzDirectoryActivityReport.ps1')
    if (-not [System.IO.File]::Exists($report)) { $known = @($known | Where-Object { $_ -ne 'Export-AzDirectoryActivityReport' }) }
    Assert-Equal ($known -join ' ') ($commands -join ' ')
    $loaded = Get-Module AzDirectoryActivityLog
    Assert-Equal 0 $loaded.ExportedVariables.Count
    Assert-Equal 0 $loaded.ExportedAliases.Count
    # The manifest, the loader and the files of Public say the same.
    $files = @([System.IO.Directory]::GetFiles([System.IO.Path]::Combine($loaded.ModuleBase, 'Public'), '*.ps1') | ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) })
    [array]::Sort($files)
    Assert-Equal ($files -join ' ') ($commands -join ' ')
}

Test 'Import is silent, needs no Az, and leaves the session as it was' {
    Remove-Module AzDirectoryActivityLog
    $before = @(Get-Module | ForEach-Object { $_.Name })
    $out = @(Import-Module -Name $Module -PassThru:$false 3>&1 4>&1 5>&1 6>&1)
    Assert-Equal 0 $out.Count
    $after = @(Get-Module | ForEach-Object { $_.Name } | Where-Object { $_ -ne 'AzDirectoryActivityLog' })
    Assert-Equal ($before -join ' ') ($after -join ' ')
    foreach ($name in 'Files', 'File', 'Folder', 'Children') {
        Assert-True ($null -eq $ExecutionContext.SessionState.PSVariable.Get("global:$name")) "$name leaked"
    }
}

Test 'The exact parameters of each function' {
    $common = 'Verbose Debug ErrorAction WarningAction InformationAction ProgressAction ErrorVariable WarningVariable InformationVariable OutVariable OutBuffer PipelineVariable'.Split(' ')
    $session = 'AzdalPath Endpoint AccessToken TokenCommand DefaultProfile'
    $expected = @{
        'Get-AzDirectoryActivityLog'      = "StartTime EndTime Scope Caller Status CorrelationId MaxRecord DetailedOutput $session"
        'Export-AzDirectoryActivityLog'   = "Path StartTime EndTime Scope IncludeRoleAssignment Split Strict Restart Connection Level CertificatePath Output Encoding LogLevel $session WhatIf Confirm"
        'Import-AzDirectoryActivityLog'   = 'Path StartTime EndTime Operation Caller DetailedOutput AzdalPath'
        'Find-AzPrivilegedOperation'      = 'Path InputObject StartTime EndTime Operation Caller MinimumSeverity AzdalPath'
        'Join-AzRoleAssignment'           = 'InputObject RoleAssignment IncludeUnlogged DefaultProfile'
        'Test-AzDirectoryActivityLog'     = 'Path Quiet AzdalPath'
        'Test-AzDirectoryActivityAccess'  = "Scope TenantId Quiet $session"
    }
    foreach ($name in $expected.Keys) {
        $got = @((Get-Command $name).Parameters.Keys | Where-Object { $common -notcontains $_ })
        Assert-Equal $expected[$name] ($got -join ' ') $name
    }
    foreach ($name in 'Get-AzDirectoryActivityLog', 'Export-AzDirectoryActivityLog', 'Import-AzDirectoryActivityLog', 'Find-AzPrivilegedOperation') {
        $parameters = (Get-Command $name).Parameters
        Assert-Equal 'datetime' $parameters.StartTime.ParameterType.Name.ToLowerInvariant()
        Assert-Equal 'StartDate' $parameters.StartTime.Aliases[0] $name
        Assert-Equal 'EndDate' $parameters.EndTime.Aliases[0] $name
    }
    Assert-Equal 'FullName' (Get-Command Find-AzPrivilegedOperation).Parameters.Path.Aliases[0]
    Assert-Equal 'OutputDir' (Get-Command Export-AzDirectoryActivityLog).Parameters.Path.Aliases[0]
    Assert-Equal 0 ((Get-Command Export-AzDirectoryActivityLog).Parameters.Path.ParameterSets.Values | ForEach-Object { $_.Position })
}

Test 'A call of Get-DirectoryActivityLogs binds after changing the name' {
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
    foreach ($format in 'CSV', 'JSON', 'JSONL', 'csv') {
        $null = Assert-Fails Network {
            Export-AzDirectoryActivityLog -StartDate 2026-11-01 -EndDate '2026-11-12 10:00:00' -OutputDir ((New-Folder) + '/Output') -Output $format -Encoding UTF8 -LogLevel Standard -AccessToken t -AzdalPath $fake
        }
    }
    $words = [System.IO.File]::ReadAllLines("$fake.args")
    $want = [datetime]::new(2026, 11, 1).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss')
    Assert-True ($words[[array]::IndexOf($words, '--since') + 1].StartsWith($want))
}

Test 'The default folder is named by the time and lies below the current location' {
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
    $null = $ExecutionContext.SessionState.Path.PushCurrentLocation('x')
    try {
        $null = $ExecutionContext.SessionState.Path.SetLocation((New-Folder))
        $null = Assert-Fails Network { Export-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake }
    } finally {
        $null = $ExecutionContext.SessionState.Path.PopLocation('x')
    }
    $words = [System.IO.File]::ReadAllLines("$fake.args")
    Assert-True ($words[-1].StartsWith((New-Folder) + '/Output/Directory Activity Logs/')) $words[-1]
    Assert-True ($words[-1] -match '/\d{8}-\d{6}$') $words[-1]
}

Test 'Error ids and categories follow the exit statuses of azdal' {
    $map = & (Get-Module AzDirectoryActivityLog) { $script:ExitStatus }
    $help = Invoke-Program $Azdal @('--help')
    $codes = @([regex]::Matches($help.Substring($help.IndexOf('Exit status:')), '(?m)^  (\d+) ') | ForEach-Object { [int]$_.Groups[1].Value } | Where-Object { $_ -ne 0 })
    $mine = @($map.Keys)
    [array]::Sort($mine)
    Assert-Equal ($codes -join ' ') ($mine -join ' ')
    # The names are in the one table of the source.
    $source = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($TestRoot, 'src', 'base', 'err.c'))
    $header = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($TestRoot, 'src', 'base', 'err.h'))
    $rows = [regex]::Matches($source, '\{(ERR_\w+),\s*"(\w+)"')
    Assert-Equal $mine.Count $rows.Count
    foreach ($row in $rows) {
        $code = [int][regex]::Match($header, $row.Groups[1].Value + ' = (\d+)').Groups[1].Value
        Assert-Equal $row.Groups[2].Value $map[$code].Id
        $null = [System.Management.Automation.ErrorCategory]$map[$code].Category
    }
    $own = & (Get-Module AzDirectoryActivityLog) { $script:OwnError }
    foreach ($id in 'HelperNotFound', 'HelperVersion', 'NotSignedIn', 'WrongTenant') {
        Assert-True $own.ContainsKey($id) $id
    }
}

Test 'Findings have the names of azdal scan, in PascalCase and in order' {
    $mine = & (Get-Module AzDirectoryActivityLog) { $script:FindingProperty }
    $design = 'Time Rule Severity Title Outcome Operation Caller CallerObjectId CallerAppId CallerIpAddress TenantId Scope ScopeKind ResourceId RoleAssignmentName RoleAssignmentId PrincipalId PrincipalType RoleDefinitionId RoleDefinitionName SelfAssigned EndedTime EndedBy StateAtExport StoryId CorrelationId OperationId EventDataIds Techniques Notes LogScope SourcePath SourceLine'
    Assert-Equal $design ($mine -join ' ')
    $finding = Find-AzPrivilegedOperation "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json" -AzdalPath $Azdal
    Assert-Equal $design (($finding.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')
    Assert-Equal 'AzDirectoryActivityLog.Finding' $finding.PSObject.TypeNames[0]
    Assert-Equal 'Utc' $finding.Time.Kind
    Assert-Equal '2026-11-06T08:00:45.4561070Z' $finding.Time.ToString('o')
    Assert-True ($finding.EventDataIds -is [array]) 'lists are lists'
    Assert-True ($finding.Notes -is [array]) 'lists are lists, also empty ones'
    Assert-Equal 'role-assignment-root' $finding.Rule
    Assert-Equal 'tenantRootGroup' $finding.ScopeKind
    $joined = $finding | Join-AzRoleAssignment -RoleAssignment @()
    Assert-Equal "$design State StateReason Source PrincipalDisplayName PrincipalSignInName CurrentPrincipalId CurrentRoleDefinitionId CurrentRoleDefinitionName Condition LookupScope LookupTime" (($joined.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')
}

Test 'Events have the names of Get-AzActivityLog and more, wherever they come from' {
    $names = 'Authorization Caller CorrelationId Description EventDataId EventName Category EventTimestamp Id Level OperationId OperationName ResourceGroupName ResourceProviderName ResourceId Status SubmissionTimestamp SubscriptionId SubStatus ResourceType TenantId Channels LogScope SourcePath SourceLine Raw Claims HttpRequest Properties'
    $file = "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json"
    $imported = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
    $line = $imported.Raw
    $fake = New-Program "cat <<'X'`n$line`nX"
    $got = Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake
    foreach ($one in $imported, $got) {
        Assert-Equal $names (($one.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')
        Assert-Equal 'AzDirectoryActivityLog.Event' $one.PSObject.TypeNames[0]
        Assert-Equal 'Utc' $one.EventTimestamp.Kind
        Assert-Equal '2026-11-06T08:00:45.4561070Z' $one.EventTimestamp.ToString('o')
        Assert-Equal 'Microsoft.Authorization/roleAssignments/write' $one.Authorization.Action
        Assert-Equal 'Microsoft.Authorization/roleAssignments/write' $one.OperationName
        Assert-Equal 'Succeeded' $one.Status
        Assert-Equal 'Microsoft.Authorization' $one.ResourceProviderName
        Assert-Equal 'Operation' $one.Channels
        Assert-Equal '203.0.113.7' $one.Claims.ipaddr
        Assert-Equal 'Created' $one.Properties.statusCode
        Assert-Equal $null $one.HttpRequest
        Assert-Equal $line $one.Raw
    }
    # Both ways tell the same, but for where it was found.
    foreach ($name in $names.Split(' ')) {
        if ('LogScope', 'SourcePath', 'SourceLine', 'Authorization', 'Claims', 'Properties' -contains $name) { continue }
        Assert-Equal $imported.$name $got.$name $name
    }
    Assert-Equal 'tenant' $got.LogScope
    Assert-Equal $file $imported.SourcePath
    Assert-Equal 1 $imported.SourceLine
    Assert-True ($line -notmatch "`n") 'Raw is one line'
}

Test 'Empty texts are null, also where the service writes them as objects' {
    $file = New-File 'x.ndjson' '{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","subStatus":{"value":"","localizedValue":""},"status":{"value":"Started"},"resourceGroupName":"","level":null}'
    $fake = New-Program "cat '$file'; echo"
    foreach ($one in (Import-AzDirectoryActivityLog $file -AzdalPath $Azdal), @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake)[0]) {
        foreach ($name in 'SubStatus', 'ResourceGroupName', 'Level', 'Caller') { Assert-True ($null -eq $one.$name) "$name is not null" }
        Assert-Equal 'Started' $one.Status
        Assert-Equal 'a/b' $one.OperationName
    }
}

Test 'Claims and Properties are parsed when first read, and kept' {
    $one = Import-AzDirectoryActivityLog "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json" -AzdalPath $Azdal
    Assert-Equal 'ScriptProperty' ([string]$one.PSObject.Properties['Claims'].MemberType)
    $first = $one.Claims
    Assert-Equal 'NoteProperty' ([string]$one.PSObject.Properties['Claims'].MemberType)
    Assert-Equal 'NoteProperty' ([string]$one.PSObject.Properties['Properties'].MemberType)
    Assert-True ([object]::ReferenceEquals($first, $one.Claims))
}

Test 'The short way of Join gives what the long way gives' {
    $file = New-File 'x.json' '{"authorization":{"action":"Microsoft.Resources/deployments/write","scope":"/subscriptions/s/resourceGroups/g/providers/a/b/c"},"caller":"x@contoso.example","eventDataId":"1","correlationId":"k","operationId":"o","eventTimestamp":"2026-11-01T00:00:00Z","operationName":{"value":"Microsoft.Resources/deployments/write"},"status":{"value":"Accepted"},"tenantId":"t"}'
    $one = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
    $short = $one | Join-AzRoleAssignment -RoleAssignment @()
    $long = @($one | Join-AzRoleAssignment -RoleAssignment @() -IncludeUnlogged)[0]
    $text = { param($x) ($x.PSObject.Properties | ForEach-Object { "$($_.Name)=$($_.Value)" }) -join "`n" }
    Assert-Equal (& $text $long) (& $text $short)
    Assert-Equal ($long.PSObject.TypeNames -join ' ') ($short.PSObject.TypeNames -join ' ')
    Assert-Equal 'Started' $short.Outcome
    Assert-Equal 'resource' $short.ScopeKind
}

Test 'Events that ConvertFrom-Json refuses come out of Import, with a warning' {
    $file = New-File 'odd.ndjson' ('{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"c","claims":{"Name":"1","name":"2"},"properties":{"a":"b"}}' + "`n" + '{"eventDataId":"2","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"c","claims":{"ok":"1"},"properties":{"a":"b"}}' + "`n")
    $all = @(Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -WarningAction SilentlyContinue -WarningVariable warned)
    Assert-Equal 2 $all.Count
    Assert-Equal 1 $warned.Count
    Assert-True ($warned[0].Message -match 'line 1') $warned[0].Message
    Assert-Equal 'c' $all[0].Caller
    Assert-Equal $null $all[0].Claims
    Assert-Equal $null $all[0].Properties
    Assert-Equal '1' $all[1].Claims.ok
    Assert-True ($all[0].Raw.Contains('"Name":"1","name":"2"'))
}

Test 'Cells with commas, quotes, breaks and formulas come back as they were' {
    $hard = 'a,b "c" {"d"} ,"{ = + -' + "`n" + 'second ,"{""x""}' + "`n" + '}"'
    $json = { param($s) '"' + $s.Replace('\', '\\').Replace('"', '\"').Replace("`n", '\n') + '"' }
    $file = New-File "it's, ""odd"".ndjson" ('{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"=cmd()","description":' + (& $json $hard) + ',"level":"' + "'+x" + '"}' + "`n" + '{"eventDataId":"2","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:01Z","caller":"-1","description":null}' + "`n")
    $all = @(Import-AzDirectoryActivityLog $file -AzdalPath $Azdal)
    Assert-Equal 2 $all.Count
    Assert-Equal '=cmd()' $all[0].Caller
    Assert-Equal $hard $all[0].Description
    Assert-Equal "'+x" $all[0].Level 'the quote is the event''s own'
    Assert-Equal '-1' $all[1].Caller
    Assert-Equal $null $all[1].Description
    Assert-Equal $file $all[0].SourcePath
    Assert-Equal 2 $all[1].SourceLine
    Assert-Equal (& $json $hard) ([regex]::Match($all[0].Raw, '"description":("(?:[^"\\]|\\.)*")').Groups[1].Value)
}

Test 'Every function has help with a synopsis, an example and every parameter' {
    $common = 'Verbose Debug ErrorAction WarningAction InformationAction ProgressAction ErrorVariable WarningVariable InformationVariable OutVariable OutBuffer PipelineVariable WhatIf Confirm'.Split(' ')
    foreach ($command in Get-Command -Module AzDirectoryActivityLog) {
        $help = $command.ScriptBlock.Ast.GetHelpContent()
        Assert-True ($null -ne $help) "$($command.Name) has no help"
        Assert-True ($help.Synopsis.Trim().Length -gt 20) "$($command.Name): synopsis"
        Assert-True ($help.Description.Trim().Length -gt 40) "$($command.Name): description"
        Assert-True ($help.Examples.Count -gt 0) "$($command.Name): examples"
        Assert-True ($help.Outputs.Count -gt 0) "$($command.Name): outputs"
        foreach ($name in $command.Parameters.Keys) {
            if ($common -contains $name) { continue }
            Assert-True ($help.Parameters.ContainsKey($name.ToUpperInvariant())) "$($command.Name) -$name has no help"
        }
        Assert-True ($command.OutputType.Count -gt 0) "$($command.Name) has no OutputType"
    }
    $about = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($TestRoot, 'ps', 'AzDirectoryActivityLog', 'en-US', 'about_AzDirectoryActivityLog.help.txt'))
    foreach ($command in Get-Command -Module AzDirectoryActivityLog) {
        Assert-True ($about.Contains($command.Name)) "about_ does not name $($command.Name)"
    }
    foreach ($word in 'Active', 'Changed', 'Removed', 'NotApplied', 'Pending', 'NotApplicable', 'Unknown', 'EmptyList', 'Forbidden', 'WrongTenant', 'NoCallerObjectId', 'LookupFailed', 'Eligible', 'NotListed', 'HelperNotFound', 'HelperVersion', 'NotSignedIn', 'Incomplete') {
        Assert-True ($about.Contains($word)) "about_ does not name $word"
    }
}

Test 'Views show the objects, and control and bidirectional characters do not reach the screen' {
    if (-not $global:TestHost) { return }
    $evil = 'evil' + [char]0x202e + 'x' + [char]27 + '[2Jy'
    $rows = @(New-Row 'r1' '/' -DisplayName $evil -SignInName $evil -RoleName "Own${evil}er")
    $finding = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; Caller = $evil; Severity = 'high'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
    $finding | Out-Default
    $finding | Join-AzRoleAssignment -RoleAssignment $rows -IncludeUnlogged | Out-Default
    $both = @($finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' '/' -DisplayName $evil -SignInName $evil) -IncludeUnlogged)
    $both[1] | Out-Default
    $file = New-File 'x.json' '{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z","caller":"evil\u202ex\u001b[2Jy","claims":{"a\u202eb":"c\u001bd"}}'
    Import-AzDirectoryActivityLog $file -AzdalPath $Azdal | Out-Default
    Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -DetailedOutput | Out-Default
    $text = [regex]::Replace($TestHost.Text.ToString(), '\x1b\[[0-9;]*m', '')
    foreach ($part in 'Principal', 'Active', 'evil\?x', 'State', 'AgeUnknown', 'EventDataId', 'Claims', '2026-11-20 10:00Z') {
        Assert-True ($text -match $part) "$part is not in:`n$text"
    }
    Assert-True ($text.IndexOf([char]0x202e) -lt 0) 'a bidirectional character came through'
    Assert-True ($text.IndexOf([char]27) -lt 0) 'a control character came through'
}

Test 'DetailedOutput changes the view only' {
    $file = "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json"
    $plain = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
    $detailed = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -DetailedOutput
    Assert-Equal 'AzDirectoryActivityLog.Event.Detailed AzDirectoryActivityLog.Event' ($detailed.PSObject.TypeNames[0..1] -join ' ')
    Assert-Equal (($plain.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ') (($detailed.PSObject.Properties | ForEach-Object { $_.Name }) -join ' ')
    Assert-Equal '203.0.113.7' $detailed.Claims.ipaddr
}

Test 'Times are read from text and from dates' {
    $read = { param($x) & (Get-Module AzDirectoryActivityLog) { param($v) ConvertTo-UtcTime $v } $x }
    Assert-Equal '2026-11-06T08:00:45.4561070Z' (& $read '2026-11-06T08:00:45.456107Z').ToString('o')
    Assert-Equal '2026-11-06T08:00:45.1234567Z' (& $read '2026-11-06T08:00:45.123456789Z').ToString('o')
    Assert-Equal '2026-11-06T06:00:45.0000000Z' (& $read '2026-11-06T08:00:45+02:00').ToString('o')
    Assert-Equal '2026-11-06T08:00:45.0000000Z' (& $read ([datetime]::new(2026, 11, 6, 8, 0, 45))).ToString('o')
    Assert-Equal '2026-11-06T08:00:45.0000000Z' (& $read ([datetime]::new(2026, 11, 6, 8, 0, 45, [System.DateTimeKind]::Utc).ToLocalTime())).ToString('o')
    Assert-Equal '2026-11-06T06:00:00.0000000Z' (& $read ([System.DateTimeOffset]::new(2026, 11, 6, 8, 0, 0, [timespan]::FromHours(2)))).ToString('o')
    foreach ($nothing in $null, '', 'soon') { Assert-Equal $null (& $read $nothing) }
}
