# What the module says of an export, and of a right to read, only after somebody has looked.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
}

Describe 'A report of an export that fails verification' {
    BeforeEach {
        Reset-Az
        $url = Start-Sim @('--events', '60')
        $export = (New-Folder) + '/case'
        $null = Export-AzDirectoryActivityLog $export -Endpoint $url -AccessToken (New-Token) -AzdalPath $Azdal -LogLevel None
        $page = (New-Folder) + '/report.html'
    }
    AfterEach { Clear-Test }

    It 'says so in its first line and repeats nothing of the manifest: <Name>' -TestCases @(
        @{ Name = 'data file missing'; Harm = { param($Folder) [System.IO.File]::Delete("$Folder/tenant.ndjson.gz") } }
        @{ Name = 'data file changed'; Harm = { param($Folder) [System.IO.File]::AppendAllText("$Folder/tenant.ndjson.gz", 'x') } }
        @{ Name = 'count forged'; Harm = { param($Folder) $m = "$Folder/manifest.json"; [System.IO.File]::WriteAllText($m, [regex]::Replace([System.IO.File]::ReadAllText($m), '"events":\d+,"firstEvent"', '"events":999999,"firstEvent"')) } }
    ) {
        & $Harm $export
        Find-AzPrivilegedOperation $export -AzdalPath $Azdal -ErrorAction SilentlyContinue -WarningAction SilentlyContinue |
            Export-AzDirectoryActivityReport $page -ExportPath $export -AzdalPath $Azdal -WarningAction SilentlyContinue -WarningVariable said
        $text = [System.IO.File]::ReadAllText($page)
        $said.Count | Should -BeGreaterThan 0
        [regex]::Match($text, '<h2 id="answer"[^>]*>([^<]*)').Groups[1].Value | Should -BeLike '*failed verification*'
        $text | Should -Not -Match 'log is complete'
        $text | Should -Not -Match '999[,.]?999 events'
    }

    It 'is as before where the export is whole' {
        Find-AzPrivilegedOperation $export -AzdalPath $Azdal | Export-AzDirectoryActivityReport $page -ExportPath $export -AzdalPath $Azdal
        [System.IO.File]::ReadAllText($page) | Should -Match 'The log is complete'
    }
}

Describe 'Test-AzDirectoryActivityAccess and a log without any event' {
    BeforeEach {
        Reset-Az
        Install-AzAccounts
        $global:Az.Token = 'opaque'
    }
    AfterEach { Clear-Test }

    It 'says <Reason> where the manifest has rightShown <Shown>' -TestCases @(
        @{ Shown = 'true'; HasAccess = $true; Reason = $null }
        @{ Shown = 'false'; HasAccess = $false; Reason = 'NotAuthorised' }
        @{ Shown = 'null'; HasAccess = $false; Reason = 'NotShown' }
        @{ Shown = $null; HasAccess = $false; Reason = 'NotShown' }
    ) {
        $right = if ($Shown) { ',"rightShown":' + $Shown }
        $fake = New-Program (@'
case "$*" in *--stdout*) exit 0;; esac
for last; do :; done
mkdir -p "$folder"
printf '%s' '{"schema":1,"verdict":"COMPLETE","scopes":[{"scope":"tenant","status":"complete","events":0 RIGHT}]}' >"$folder/manifest.json"
echo "$last" >"$0.folder"
'@).Replace(' RIGHT', $right)
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
        $answer.HasAccess | Should -Be $HasAccess
        $answer.Reason | Should -Be $Reason
        if (-not $HasAccess) { $answer.Remedy | Should -BeLike 'New-AzRoleAssignment * -Scope /providers/Microsoft.Insights' }
        [System.IO.Directory]::Exists([System.IO.File]::ReadAllText("$fake.folder").Trim()) | Should -BeFalse
    }

    It 'says NotAuthorised where azdal refuses the scope for want of the right' {
        $fake = New-Program @'
case "$*" in *--stdout*) exit 0;; esac
echo '{"event":"error","code":3,"message":"tenant: EmptyWithoutRight: no event, and no right to read it","hint":"h"}' >&2
exit 3
'@
        (Test-AzDirectoryActivityAccess -AzdalPath $fake).Reason | Should -Be 'NotAuthorised'
    }

    It 'asks for nothing more where an event came' {
        $fake = New-Program 'case "$*" in *--stdout*) echo "{}"; exit 0;; esac; exit 5'
        (Test-AzDirectoryActivityAccess -AzdalPath $fake).HasAccess | Should -BeTrue
    }
}

Describe 'Join-AzRoleAssignment and what cannot be compared' {
    BeforeEach { Reset-Az }

    It 'calls an assignment Active, not Changed, where the row lacks <Without>' -TestCases @(
        @{ Without = 'ObjectId' }, @{ Without = 'RoleDefinitionId' }
    ) {
        $row = New-Row 'r1' $Group
        $row.PSObject.Properties.Remove($Without)
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'; RoleDefinitionName = 'Owner' }
        ($finding | Join-AzRoleAssignment -RoleAssignment $row).State | Should -Be 'Active'
    }

    It 'still sees another role by its name alone' {
        $row = New-Row 'r1' $Group -RoleName 'Reader'
        $row.PSObject.Properties.Remove('RoleDefinitionId')
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'; RoleDefinitionName = 'Owner' }
        ($finding | Join-AzRoleAssignment -RoleAssignment $row).State | Should -Be 'Changed'
    }

    It 'says Unknown, NoStatus, of an operation without a status that the list does not have' {
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Outcome = $null }
        $joined = $finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' $Group)
        "$($joined.State) $($joined.StateReason)" | Should -Be 'Unknown NoStatus'
        ($finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group)).State | Should -Be 'Active'
    }
}
