# Events as other commands give them: Az.Monitor's classes, alive and saved; and what Azure Resource Graph says.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
    Add-Type -Path "$PSScriptRoot/AzMonitorClasses.cs"
    $log = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'azdal-objects-' + [guid]::NewGuid().ToString('N'))
    $null = [System.IO.Directory]::CreateDirectory($log)
    $url = Start-Sim @('--events', '250')
    [System.IO.File]::WriteAllText("$log/token", (New-Token))
    [System.IO.File]::WriteAllText("$log/events.ndjson", (Invoke-Program $Azdal @('acquire', '--quiet', '--endpoint', $url, '--token-file', "$log/token", '--stdout')))
    $raw = @([System.IO.File]::ReadAllLines("$log/events.ndjson"))

    # What has to be the same, whichever way an event came; Cut: times without fractions.
    function Get-Line([object[]] $From, [string[]] $Name, [switch] $Cut) {
        foreach ($one in $From) {
            @(foreach ($part in $Name) {
                    $value = $one.$part
                    if ($value -is [datetime]) { $value = $value.ToString($(if ($Cut) { 's' } else { 'o' })) }
                    "$part=$value"
                }) -join ' '
        }
    }
    $found = 'Rule Severity Time Outcome Operation Caller CallerObjectId CallerAppId CallerIpAddress Scope ScopeKind PrincipalId RoleDefinitionId SelfAssigned EndedTime EventDataIds'.Split(' ')
    $joined = 'Time Operation Outcome Caller CallerObjectId CallerIpAddress Scope ScopeKind RoleAssignmentName PrincipalId RoleDefinitionId State EndedTime EventDataIds'.Split(' ')
    $known = @(Find-AzPrivilegedOperation "$log/events.ndjson" -AzdalPath $Azdal)
    $states = @(Import-AzDirectoryActivityLog "$log/events.ndjson" -AzdalPath $Azdal | Join-AzRoleAssignment -RoleAssignment @())
}

AfterAll {
    Clear-Test
    [System.IO.Directory]::Delete($log, $true)
}

Describe 'Events of other commands' {
    It 'give the same findings and states: <Name>' -ForEach @(
        @{ Name = 'Az.Monitor, old class'; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Old($_) } } }
        @{ Name = 'Az.Monitor, texts to show'; Shown = $true; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Shown($_) } } }
        @{ Name = 'Az.Monitor, new class'; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Flat($_) } } }
        @{ Name = 'old class, Export-Clixml'; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Old($_) } | Export-Clixml "$log/a.xml"; Import-Clixml "$log/a.xml" } }
        @{ Name = 'new class, Export-Clixml'; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Flat($_) } | Export-Clixml "$log/a.xml"; Import-Clixml "$log/a.xml" } }
        @{ Name = 'old class, Export-Csv'; Cut = $true; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Old($_) } | Export-Csv "$log/a.csv"; Import-Csv "$log/a.csv" } }
        @{ Name = 'old class, ConvertTo-Json'; Way = { $raw | ForEach-Object { [AzMonitor.Make]::Old($_) } | ConvertTo-Json -Depth 6 | ConvertFrom-Json } }
        @{ Name = 'ConvertFrom-Json'; Way = { $raw | ForEach-Object { ConvertFrom-Json $_ } } }
        @{ Name = 'ConvertFrom-Json -AsHashtable'; Way = { $raw | ForEach-Object { ConvertFrom-Json $_ -AsHashtable } } }
        @{ Name = 'own events, Export-Csv'; Way = { Import-AzDirectoryActivityLog "$log/events.ndjson" -AzdalPath $Azdal | Export-Csv "$log/a.csv"; Import-Csv "$log/a.csv" } }
    ) {
        $events = @(& $Way)
        $events.Count | Should -Be $raw.Count
        $with = @{ Cut = $_.ContainsKey('Cut') }
        $findings = @($events | Find-AzPrivilegedOperation -AzdalPath $Azdal -WarningAction SilentlyContinue)
        (Get-Line $findings $found @with) -join "`n" | Should -BeExactly ((Get-Line $known $found @with) -join "`n")
        $said = $null
        $answers = @($events | Join-AzRoleAssignment -RoleAssignment @() -ErrorVariable said)
        $said | Should -BeNullOrEmpty
        $wanted = @(Get-Line $states $joined @with | Sort-Object)
        $lines = @(Get-Line $answers $joined @with | Sort-Object)
        # A deletion that another one caused has a name of its own only where that is not translated.
        @(Compare-Object $wanted $lines).Count | Should -BeLessOrEqual $(if ($_.ContainsKey('Shown')) { 2 } else { 0 })
    }

    It 'are read from the answer of Invoke-AzRestMethod' {
        $answer = [pscustomobject]@{ StatusCode = 200; Method = 'GET'; Content = '{"value":[' + ($raw -join ',') + ']}' }
        @($answer | Find-AzPrivilegedOperation -AzdalPath $Azdal).Count | Should -Be $known.Count
    }

    It 'have no time where nobody set it, and no outcome where the status is unknown' {
        $event0 = [AzMonitor.Make]::Old($raw[0])
        $event0.EventTimestamp = [datetime]::MinValue
        $event0.Authorization.Action = 'Microsoft.Authorization/roleAssignments/write'
        $event0.OperationName.Value = $event0.Authorization.Action
        $event0.Authorization.Scope = "$Group/providers/Microsoft.Authorization/roleAssignments/r1"
        $event0.ResourceId = $event0.Authorization.Scope
        $event0.Status.Value = 'Microsoft.Azure.Management.Monitor.Models.LocalizableString'
        $answer = $event0 | Join-AzRoleAssignment -RoleAssignment @()
        $answer.Time | Should -BeNullOrEmpty
        $answer.Outcome | Should -BeNullOrEmpty
        "$($answer.State) $($answer.StateReason)" | Should -Be 'Unknown NoStatus'
    }
}

Describe 'Import-AzDirectoryActivityLog' {
    It 'gives texts as they are, whatever a spreadsheet would make of them' {
        $texts = '=1+1', "'=x", 'a;=b', "a`t+b", "a`n=b", "`u{200b}=x", '"=x"', '@c', '-5', "x`r`ny", "tail'"
        $lines = foreach ($text in $texts) {
            ConvertTo-Json -Compress @{ eventTimestamp = '2026-11-10T10:00:00Z'; caller = $text; description = $text; operationName = @{ value = $text }; authorization = @{ action = $text; scope = $text } }
        }
        [System.IO.File]::WriteAllLines("$log/odd.ndjson", [string[]]$lines)
        $events = @(Import-AzDirectoryActivityLog "$log/odd.ndjson" -AzdalPath $Azdal)
        foreach ($name in 'Caller', 'Description', 'OperationName') { $events.$name -join '|' | Should -BeExactly ($texts -join '|') -Because $name }
        $events.Authorization.Scope -join '|' | Should -BeExactly ($texts -join '|')
    }

    It 'gives the request of events that have its parts beside each other, and no name of a type for claims' {
        $flat = [AzMonitor.Make]::Flat($raw[0])
        $flat.HttpRequestClientIPAddress = '203.0.113.5'
        [System.IO.File]::WriteAllText("$log/flat.json", (ConvertTo-Json -InputObject $flat -Depth 5))
        $flat | Export-Csv "$log/flat.csv" -NoTypeInformation
        [System.IO.File]::WriteAllText("$log/diagnostic.json", '{"records":[{"time":"2026-11-20T10:00:00Z","operationName":"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE","resourceId":"/X","callerIpAddress":"203.0.113.5"}]}')
        foreach ($file in 'flat.json', 'flat.csv', 'diagnostic.json') {
            $one = Import-AzDirectoryActivityLog "$log/$file" -AzdalPath $Azdal
            $one.HttpRequest.clientIpAddress | Should -Be '203.0.113.5' -Because $file
            $one.Claims -is [string] | Should -BeFalse -Because $file
        }
    }
}

Describe 'A list of role assignments from Search-AzGraph' {
    It 'serves for -RoleAssignment' {
        $given = @($known | Where-Object { $_.Rule -eq 'role-assignment-root' -and $_.Outcome -eq 'Succeeded' -and -not $_.EndedTime })[0]
        $row = [pscustomobject]@{
            id = $given.RoleAssignmentId; name = $given.RoleAssignmentName; type = 'microsoft.authorization/roleassignments'; tenantId = $given.TenantId
            properties = [pscustomobject]@{ principalId = $given.PrincipalId; principalType = 'User'; scope = $given.Scope; createdOn = '2026-11-01T00:00:00Z'
                roleDefinitionId = "/providers/Microsoft.Authorization/RoleDefinitions/$($given.RoleDefinitionId)" }
        }
        ($given | Join-AzRoleAssignment -RoleAssignment $row).State | Should -Be 'Active'
        $row.properties.principalId = [guid]::NewGuid()
        ($given | Join-AzRoleAssignment -RoleAssignment $row).State | Should -Be 'Changed'
    }
}
