# What was done with a power, and how it is taken back: Get-AzPrivilegedActivity, and the report of it.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
    $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'azdal-story-' + [guid]::NewGuid().ToString('N'))
    $url = Start-Sim @('--events', '300')
    $null = Export-AzDirectoryActivityLog $folder -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -LogLevel None -IncludeRoleAssignment
}

AfterAll {
    Clear-Test
    [System.IO.Directory]::Delete($folder, $true)
}

Describe 'Get-AzPrivilegedActivity' {
    It 'gives a row for each holder and operation, with the names of azdal trace' {
        $rows = @(Get-AzPrivilegedActivity $folder -AzdalPath $Azdal)
        $rows.Count | Should -BeGreaterThan 0
        $rows[0].PSObject.TypeNames[0] | Should -Be 'AzDirectoryActivityLog.PrivilegedActivity'
        ($rows[0].PSObject.Properties | ForEach-Object Name) -join ' ' | Should -Be 'StoryId Depth Holder HolderName HolderType GrantedBy Via Role Scope ScopeKind GrantTime EndTime Operation Title Tactic Techniques Count Succeeded Failed FirstTime LastTime ResourceCount Resources Subscriptions IpAddresses AppIds EventDataIds Notes TimeBins'
        foreach ($one in $rows) { $one.GrantTime | Should -BeOfType ([datetime]) }
        foreach ($one in $rows) {
            $sum = 0
            foreach ($bin in $one.TimeBins) { $sum += [long]$bin.Split(' ')[1] }
            $sum | Should -Be $one.Count
        }
    }

    It 'keeps to the stories of the findings on the pipeline' {
        $findings = @(Find-AzPrivilegedOperation $folder -AzdalPath $Azdal | Where-Object StoryId)
        $rows = @($findings[0] | Get-AzPrivilegedActivity -Path $folder -AzdalPath $Azdal)
        foreach ($one in $rows) { $one.StoryId | Should -Be $findings[0].StoryId }
        { $findings[0] | Get-AzPrivilegedActivity -AzdalPath $Azdal } | Should -Throw '*-Path*'
    }

    It 'takes wildcards for -Caller, as the other commands do' {
        $name = @(Get-AzPrivilegedActivity $folder -AzdalPath $Azdal)[0].HolderName
        $whole = @(Get-AzPrivilegedActivity $folder -Caller $name -AzdalPath $Azdal).Count
        $whole | Should -BeGreaterThan 0
        @(Get-AzPrivilegedActivity $folder -Caller ($name.ToUpperInvariant().Substring(0, 6) + '*') -AzdalPath $Azdal).Count | Should -Be $whole
        @(Get-AzPrivilegedActivity $folder -Caller 'nobody*' -AzdalPath $Azdal).Count | Should -Be 0
        foreach ($one in Get-AzPrivilegedActivity $folder -Caller ($name.Substring(0, 6) + '*') -Detailed -AzdalPath $Azdal) { $one.Caller | Should -Be $name }
    }

    It 'gives events with -Detailed' {
        @(Get-AzPrivilegedActivity $folder -Detailed -AzdalPath $Azdal)[0].PSObject.TypeNames | Should -Contain 'AzDirectoryActivityLog.Event'
    }

    It 'gives events with -Detailed as Import does, whatever shape they were saved in' {
        $all = @(Import-AzDirectoryActivityLog $folder -AzdalPath $Azdal)
        $file = New-File 'saved.json' ''
        $all | Select-Object Caller, CorrelationId, EventDataId, EventTimestamp, OperationName, OperationId, ResourceId, Status, Claims, Properties, TenantId |
            ConvertTo-Json -Depth 8 | Set-Content $file
        $found = @(Get-AzPrivilegedActivity $file -Detailed -AzdalPath $Azdal)
        $found.Count | Should -Be @(Get-AzPrivilegedActivity $folder -Detailed -AzdalPath $Azdal).Count
        foreach ($one in $found) {
            $same = @($all | Where-Object EventDataId -eq $one.EventDataId)[0]
            foreach ($name in 'EventTimestamp', 'Caller', 'OperationName', 'Status') { $one.$name | Should -Be $same.$name -Because $name }
        }
    }
}

Describe 'What 80 columns show' {
    It 'keeps callers, operations and ids whole, in every language' {
        $findings = @(Find-AzPrivilegedOperation $folder -AzdalPath $Azdal)
        $joined = @($findings | Join-AzRoleAssignment -Offline -IncludeUnlogged)
        $events = @(Import-AzDirectoryActivityLog $folder -AzdalPath $Azdal | Select-Object -First 40)
        $rows = @(Get-AzPrivilegedActivity $folder -AzdalPath $Azdal)

        $cases = @(
            @{ Objects = $findings; Whole = 'Caller', 'CallerIpAddress', 'PrincipalId' }
            @{ Objects = $joined; Whole = 'Caller', 'CallerIpAddress' }
            @{ Objects = $events; Whole = 'Caller', 'SubscriptionId' }
            @{ Objects = $rows; Whole = 'HolderName' }
        )
        foreach ($language in 'en-US', '', 'ja-JP') {
            foreach ($case in $cases) {
                $case.Objects.Count | Should -BeGreaterThan 0
                $shown = Use-Culture $language { $case.Objects | Out-String -Width 80 }
                foreach ($one in $case.Objects) {
                    foreach ($name in $case.Whole) {
                        $value = [string]$one.PSObject.Properties[$name].Value
                        if ($value -and $value -ne [guid]::Empty) { $shown.Contains($value) | Should -BeTrue -Because "$language $name $value`n$shown" }
                    }
                }
                ($shown -split '\r?\n' | ForEach-Object Length | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 80
            }
        }
        # Each operation, where its line was broken only behind a slash.
        $whole = ($events | Out-String -Width 80) -replace '/\s+', '/'
        foreach ($one in $events) { $whole.Contains($one.OperationName) | Should -BeTrue -Because $one.OperationName }
    }

    It 'is a table of findings that were saved, too, and one line for each scope' {
        $file = "$(New-Folder)/saved.xml"
        Find-AzPrivilegedOperation $folder -AzdalPath $Azdal | Export-Clixml $file
        (Import-Clixml $file | Out-String -Width 80) | Should -Match 'Time \(UTC\) +Severity +State +Finding'
        $scope = [pscustomobject]@{ PSTypeName = 'AzDirectoryActivityLog.ScopeAccess'; Scope = 'mg:mg-one'; HasAccess = $false; Reason = 'NotAuthorised'
            Message = "mg:mg-one: HTTP 403: the client 'aaaaaaaa-0000-0000-0000-000000000001' may not read this log" }
        foreach ($language in 'en-US', 'ja-JP') {
            $shown = Use-Culture $language { $scope | Out-String -Width 80 }
            $shown.Contains("'aaaaaaaa-0000-0000-0000-000000000001'") | Should -BeTrue -Because $shown
            ($shown -replace '\s+', ' ') | Should -BeLike '*may not read this log*'
        }
    }
}

Describe 'The report of a story' {
    It 'says what was done and lists the commands that take back what stands' {
        $page = [System.IO.Path]::Combine((New-Folder), 'r.html')
        $findings = @(Find-AzPrivilegedOperation $folder -AzdalPath $Azdal | Join-AzRoleAssignment -Offline)
        $findings + @(Get-AzPrivilegedActivity $folder -AzdalPath $Azdal) | Export-AzDirectoryActivityReport $page -ExportPath $folder -AzdalPath $Azdal
        $text = [System.IO.File]::ReadAllText($page)
        $text | Should -Match 'Done with this power: \d+ operation'
        $remedy = @($findings | Where-Object Remedy)[0].Remedy
        $text.Contains("<code>$remedy</code>") | Should -BeTrue
    }
}

Describe 'The functions in place of Microsoft-Extractor-Suite' {
    It 'write its files in its folders, record by record, for empty dates as well' {
        Reset-Az
        Install-AzAccounts
        $global:Az.Manager = $url
        $global:Az.TenantId = '7a3f1c2e-5b64-4d0e-9c1a-2f8e6d4b0a91'
        $global:Az.Token = New-Token
        $old = $env:PATH, $env:PSModulePath
        Push-Location (New-Folder)
        try {
            Set-UserPath
            . "$TestRoot/examples/mes-functions.ps1"
            $null = New-Item -ItemType Directory Case42
            Get-DirectoryActivityLogs -StartDate '' -EndDate '' -Output '' -WarningVariable said 6>$null
            "$said" | Should -Be '' -Because 'what is the default there is no matter for a warning'
            Get-DirectoryActivityLogs -Output JSON -OutputDir ./Case42 -LogLevel None
            Get-ActivityLogs -LogLevel Minimal -OutputDir ./Case42 -Encoding UTF8 -StartDate '' -EndDate ''
            { Get-DirectoryActivityLogs -OutputDir ./nowhere -LogLevel None } | Should -Throw '*nowhere*'
            (Get-ChildItem Output -Recurse -File -Include *.csv | Resolve-Path -Relative) | Should -Match 'Output[\\/]Directory Activity Logs[\\/]\d{8}-\d{6}[\\/]DirectoryActivityLogs\.csv$'
            $known = Import-AzDirectoryActivityLog $folder -AzdalPath $Azdal | Group-Object EventDataId -AsHashTable -AsString
            $rows = @(Import-Csv (Get-ChildItem Output -Recurse -File -Include *.csv))
            $rows.Count | Should -BeGreaterOrEqual $known.Count
            $rows[0].operationName | Should -BeLike '@{value=*; localizedValue=*}'
            $json = Get-ChildItem Case42 -Recurse -File -Include DirectoryActivityLogs.JSON
            $events = @(Get-Content -Raw $json.FullName | ConvertFrom-Json)
            $events.Count | Should -Be $rows.Count
            # The newest first, each record as the server has it.
            $events[0].eventTimestamp | Should -BeGreaterOrEqual $events[-1].eventTimestamp
            foreach ($one in $events) {
                if ($known.ContainsKey($one.eventDataId)) { ConvertTo-Json $one -Depth 50 | Should -Be (ConvertTo-Json (ConvertFrom-Json $known[$one.eventDataId].Raw) -Depth 50) }
            }
            Get-DirectoryActivityLogs -Output SOF-ELK -OutputDir ./Case42 -LogLevel None
            $lines = [System.IO.File]::ReadAllLines((Get-ChildItem Case42 -Recurse -File -Include *-DirectoryActivityLogs.json).FullName)
            $lines.Count | Should -Be $rows.Count -Because 'one event per line'
            (ConvertFrom-Json $lines[0]).eventDataId | Should -BeIn @($events | ForEach-Object eventDataId)
            $files = @(Get-ChildItem 'Case42/Activity Logs' -Recurse -File -Include *-ActivityLog.json)
            $files.Count | Should -BeGreaterThan 0
            foreach ($one in $files) {
                $one.Name -match '^\d{14}-([0-9a-f-]{36})-ActivityLog\.json$' | Should -BeTrue
                $id = $Matches[1]
                foreach ($record in (Get-Content -Raw $one | ConvertFrom-Json)) { $record.resourceId | Should -BeLike "*$id*" }
            }
        } finally {
            Pop-Location
            $env:PATH, $env:PSModulePath = $old
        }
    }
}
