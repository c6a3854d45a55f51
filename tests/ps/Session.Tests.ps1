# What the session around a call decides: its language, its preference variables, its drives; and
# objects that went through a file of text and came back.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"

    # Runs the body in the language of that name.
    # All properties of objects as one text, whatever the language.
    function Get-Text {
        param($Objects)

        return (@(foreach ($one in @($Objects)) {
                    foreach ($member in $one.PSObject.Properties) {
                        $values = foreach ($value in @($member.Value)) {
                            if ($value -is [datetime]) { $value.ToString('o', [System.Globalization.CultureInfo]::InvariantCulture) } else { "$value" }
                        }
                        $member.Name + '=' + ($values -join '|')
                    }
                }) -join "`n")
    }

    # What Import-Csv gives for an object that Export-Csv wrote: text alone, times in the session's language.
    function ConvertTo-CsvObject {
        param([Parameter(ValueFromPipeline = $true)] $InputObject)

        process {
            $text = [ordered]@{}
            foreach ($member in $InputObject.PSObject.Properties) {
                $value = $member.Value
                $text[$member.Name] = if ($null -eq $value) { '' } elseif ($value -is [datetime]) { $value.ToString() } else { [string]$value }
                if ($value -is [array]) { $text[$member.Name] = 'System.Object[]' }
            }
            [pscustomobject]$text
        }
    }

    $global:RootGroupEvent = "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json"
}

Describe 'Sessions and objects as they come' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'Events, findings and joins are the same in every language' {
        Install-AzAccounts; Install-AzResources
        $scope = '/providers/Microsoft.Management/managementGroups/12345678-9abc-def0-1234-56789abcdef0'
        $global:Az.TenantId = '12345678-9abc-def0-1234-56789abcdef0'
        $global:Az.Rows[$scope] = @(New-Row '189668fa-bdfa-4281-8ff1-4554f3c10a4e' $scope)
        $body = {
            $one = Import-AzDirectoryActivityLog $RootGroupEvent -AzdalPath $Azdal
            $one, (Find-AzPrivilegedOperation $RootGroupEvent -AzdalPath $Azdal), ($one | Find-AzPrivilegedOperation -AzdalPath $Azdal)
            $joined = @($one | Join-AzRoleAssignment) + @(Find-AzPrivilegedOperation $RootGroupEvent -AzdalPath $Azdal | Join-AzRoleAssignment)
            foreach ($each in $joined) { $each.LookupTime = $null }
            $joined
        }
        $want = Get-Text (& $body)
        $want.Contains('State=Active') | Should -BeTrue -Because $want
        foreach ($language in 'de-DE', 'tr-TR', 'ar-SA', 'th-TH') {
            (Get-Text (Use-Culture $language $body)) | Should -BeExactly $want -Because $language
        }
    }

    It 'Letters in capitals are the same operation in Turkish' {
        $row = New-Row 'r1' $Group
        foreach ($language in 'en-US', 'tr-TR') {
            Use-Culture $language {
                $event7 = [pscustomobject]@{
                    OperationName = 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'; Status = 'FAILED'
                    Authorization = [pscustomobject]@{ Action = 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'; Scope = "$Group/PROVIDERS/MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/R1" }
                }
                ($event7 | Join-AzRoleAssignment -RoleAssignment $row).State | Should -BeExactly 'NotApplied' -Because $language
                $event7.Status = 'SUCCEEDED'
                $joined = $event7 | Join-AzRoleAssignment -RoleAssignment $row
                "$($joined.State) $($joined.RoleAssignmentName)" | Should -BeExactly 'Active R1' -Because $language
                $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Operation = 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE' }
                ($finding | Join-AzRoleAssignment -RoleAssignment $row).State | Should -BeExactly 'Active' -Because $language
            }
        }
    }

    It 'Rules and operations in capitals are known in Turkish' {
        $path = New-File 'none.json' '[]'
        Use-Culture 'tr-TR' {
            $null = Find-AzPrivilegedOperation $path -Rule 'ROLE-ASSIGNMENT-*' -Operation 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE' -AzdalPath $Azdal -WarningAction SilentlyContinue -WarningVariable said -ErrorAction SilentlyContinue
            @($said | Where-Object { "$_" -match 'azdal has no rule|no rule looks' }).Count | Should -Be 0
        }
    }

    It 'Times on the screen are of the Gregorian calendar in every language' {
        if ($null -eq (Get-Command -Name Out-String -ErrorAction Ignore)) { return }
        $one = @(Import-AzDirectoryActivityLog $RootGroupEvent -AzdalPath $Azdal)
        $found = @(Find-AzPrivilegedOperation $RootGroupEvent -AzdalPath $Azdal)
        $year = $found[0].Time.Year
        foreach ($language in 'th-TH', 'ar-SA') {
            Use-Culture $language {
                foreach ($shown in ($one | Out-String -Width 200), ($found | Out-String -Width 200), ($found | Format-List | Out-String), ($found | Join-AzRoleAssignment -RoleAssignment @() | Format-List | Out-String)) {
                    $shown.Contains("$year-") | Should -BeTrue -Because "$language`n$shown"
                }
            }
        }
    }

    It 'A table of 80 columns has no column of one letter' {
        if ($null -eq (Get-Command -Name Out-String -ErrorAction Ignore)) { return }
        $found = New-Finding @{ PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' }
        foreach ($shown in ($found | Out-String -Width 80), ($found | Join-AzRoleAssignment -RoleAssignment @() | Out-String -Width 80)) {
            $lines = @($shown.Split("`n") | Where-Object { $_.Trim().Length -gt 0 })
            $lines.Count | Should -BeLessThan 9 -Because $shown
            foreach ($word in 'admin@contoso.example', 'gave', 'aaaaaaaa-0000-0000-0000-000000000001') { $shown | Should -Match $word }
        }
    }

    It 'Events that went through CSV give the same findings and joins' {
        Install-AzAccounts; Install-AzResources
        $one = Import-AzDirectoryActivityLog $RootGroupEvent -AzdalPath $Azdal
        $second = Import-AzDirectoryActivityLog $RootGroupEvent -AzdalPath $Azdal
        $second.SourceLine = 12
        $third = Import-AzDirectoryActivityLog $RootGroupEvent -AzdalPath $Azdal
        $third.SourceLine = $null; $third.SourcePath = $null
        foreach ($item in $one, $second) {
            $want = $item | Find-AzPrivilegedOperation -AzdalPath $Azdal
            (Get-Text ($item | ConvertTo-CsvObject | Find-AzPrivilegedOperation -AzdalPath $Azdal)) | Should -BeExactly (Get-Text $want)
            $want.SourceLine | Should -BeExactly $item.SourceLine
        }
        $found = @($second, $third | ConvertTo-CsvObject | Find-AzPrivilegedOperation -AzdalPath $Azdal)
        $found[0].SourceLine | Should -BeExactly 12
        $found = $third | ConvertTo-CsvObject | Find-AzPrivilegedOperation -AzdalPath $Azdal
        $null -eq $found.SourceLine -and $null -eq $found.SourcePath | Should -BeTrue -Because "$($found.SourcePath):$($found.SourceLine)"
        $want = $one | Join-AzRoleAssignment -RoleAssignment @()
        $joined = $one | ConvertTo-CsvObject | Join-AzRoleAssignment -RoleAssignment @()
        foreach ($name in 'CallerObjectId', 'CallerAppId', 'CallerIpAddress', 'Scope', 'ScopeKind', 'RoleAssignmentName', 'PrincipalId', 'RoleDefinitionId', 'State', 'StateReason', 'Outcome') {
            $joined.$name | Should -BeExactly $want.$name -Because $name
        }
        $null -ne $want.CallerObjectId | Should -BeTrue
    }

    It 'Findings that went through CSV keep their times, in the language that wrote them' {
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Severity = 'high'; Time = [datetime]::new(2026, 2, 3, 10, 0, 0, [System.DateTimeKind]::Utc); EndedTime = [datetime]::new(2026, 3, 2, 11, 0, 0, [System.DateTimeKind]::Utc); EventDataIds = @('1', '2'); SelfAssigned = $true }
        foreach ($language in '', 'en-US', 'de-DE', 'en-GB', 'th-TH', 'ar-SA') {
            Use-Culture $language {
                $joined = $finding | ConvertTo-CsvObject | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group)
                $joined.State | Should -BeExactly 'Removed' -Because $language
                $joined.Time -is [datetime] -and $joined.EndedTime -is [datetime] | Should -BeTrue -Because $language
                $joined.Time.Ticks, $joined.EndedTime.Ticks -join ' ' | Should -BeExactly ($finding.Time.Ticks, $finding.EndedTime.Ticks -join ' ') -Because $language
                $null -eq $joined.PrincipalType | Should -BeTrue -Because 'no text is none'
                $path = (New-Folder) + '/r.html'
                $finding | ConvertTo-CsvObject | Export-AzDirectoryActivityReport $path -Force
                $page = [System.IO.File]::ReadAllText($path)
                foreach ($part in '2026-02-03T10:00:00Z', '<dt>Ended</dt><dd>2026-03-02T11:00:00Z</dd>', '<dt>To itself</dt><dd>yes</dd>', '<dt>Event ids</dt><dd>lost:') {
                    $page.Contains($part) | Should -BeTrue -Because "$language $part"
                }
                $page.Contains('System.Object') | Should -BeFalse -Because $language
            }
        }
    }

    It 'Preference variables of a calling script count as those of the session' {
        $file = New-File 'bad.ndjson' ('{"eventDataId":"1","operationName":"a/b","eventTimestamp":"2026-11-01T00:00:00Z"}' + "`nno json`n")
        $fake = New-Program 'touch "$0.started"'
        $folder = (New-Folder) + '/new'
        $global:ErrorActionPreference = 'Continue'
        try {
            $ended = 'went on'
            & {
                $ErrorActionPreference = 'Stop'
                $WarningPreference = 'SilentlyContinue'
                try { $null = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal } catch { $global:Ended7 = $_.FullyQualifiedErrorId }
            }
            $global:Ended7 | Should -BeExactly 'Untrusted,Import-AzDirectoryActivityLog'
            & { $WhatIfPreference = $true; Export-AzDirectoryActivityLog $folder -AccessToken t -AzdalPath $fake }
            [System.IO.File]::Exists("$fake.started") | Should -BeFalse -Because 'a run that was only to be told'
            $said = @(& { $WarningPreference = 'SilentlyContinue'; $ErrorActionPreference = 'SilentlyContinue'; Import-AzDirectoryActivityLog $file -AzdalPath $Azdal } 2>&1 3>&1)
            $said.Count | Should -BeExactly 1
            $said = @(& { $ErrorActionPreference = 'Stop'; Import-AzDirectoryActivityLog $file -AzdalPath $Azdal -ErrorAction SilentlyContinue -WarningAction SilentlyContinue })
            $said.Count | Should -BeExactly 1 -Because 'a parameter comes first'
        } finally {
            $global:ErrorActionPreference = 'Stop'
            $ExecutionContext.SessionState.PSVariable.Remove('global:Ended7')
        }
    }

    It 'A drive that is not there is one error, and nothing is run' {
        $fake = New-Program 'touch "$0.started"'
        foreach ($call in { Import-AzDirectoryActivityLog 'nodrive:/x' -AzdalPath $fake }, { Find-AzPrivilegedOperation 'nodrive:/x' -AzdalPath $fake }, { Test-AzDirectoryActivityLog 'nodrive:/x' -AzdalPath $fake },
            { Export-AzDirectoryActivityLog 'nodrive:/x' -AccessToken t -AzdalPath $fake }, { Export-AzDirectoryActivityReport 'nodrive:/x.html' }) {
            $record = Assert-Fails LocalIO $call
            $record.Exception.Message.Contains('nodrive') | Should -BeTrue -Because $record.Exception.Message
            # In a session of its own without a `try` around it, where a mistake inside would not end the function.
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            try {
                $null = $shell.AddScript("Import-Module '$Module'; `$fake = '$fake'; $call").Invoke()
                $shell.Streams.Error.Count | Should -BeExactly 1 -Because "$call"
                $shell.Streams.Error[0].FullyQualifiedErrorId.StartsWith('LocalIO,') | Should -BeTrue -Because "$call"
            } finally {
                $shell.Dispose()
            }
        }
        [System.IO.File]::Exists("$fake.started") | Should -BeFalse
    }

    It 'An empty pipeline gives nothing, and no error' {
        $fake = New-Program 'touch "$0.started"'
        $out = @(@() | Import-AzDirectoryActivityLog -AzdalPath $fake) + @(@() | Find-AzPrivilegedOperation -AzdalPath $fake) + @(@() | Test-AzDirectoryActivityLog -AzdalPath $fake)
        $out.Count | Should -BeExactly 0
        [System.IO.File]::Exists("$fake.started") | Should -BeFalse
    }

    It 'Scopes may be in any letter case' {
        $fake = New-Program 'printf "%s\n" "$@" >> "$0.args"; exit 5'
        $null = Assert-Fails Network { Export-AzDirectoryActivityLog ((New-Folder) + '/x') -Scope 'Tenant', 'MG:Group-A', 'Sub:*' -AccessToken t -AzdalPath $fake }
        $null = Assert-Fails Network { Get-AzDirectoryActivityLog -Scope 'TENANT' -AccessToken t -AzdalPath $fake }
        $words = [System.IO.File]::ReadAllText("$fake.args")
        foreach ($want in "--scope`ntenant`n", "--scope`nmg:Group-A`n", "--scope`nsub:*`n") { $words.Contains($want) | Should -BeTrue -Because $words }
        $words.Contains('TENANT') | Should -BeFalse -Because $words
    }

    It 'A list by name is taken like one on the pipeline' {
        $row = New-Row 'r1' $Group
        $findings = @((New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Severity = 'high' }), $null, (New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; Severity = 'high' }))
        (Join-AzRoleAssignment $findings -RoleAssignment $row | ForEach-Object { $_.State }) -join ' ' | Should -BeExactly 'Active Removed'
        (Join-AzRoleAssignment -InputObject $findings -RoleAssignment $row | ForEach-Object { $_.State }) -join ' ' | Should -BeExactly 'Active Removed'
        $path = (New-Folder) + '/r.html'
        Export-AzDirectoryActivityReport -InputObject $findings -Path $path
        [System.IO.File]::ReadAllText($path).Contains('2 high finding') | Should -BeTrue -Because 'the report has both'
        $one = Import-AzDirectoryActivityLog $RootGroupEvent -AzdalPath $Azdal
        $want = $one | Find-AzPrivilegedOperation -AzdalPath $Azdal
        (Get-Text (Find-AzPrivilegedOperation -InputObject @($null, $one) -AzdalPath $Azdal)) | Should -BeExactly (Get-Text $want)
    }
}
