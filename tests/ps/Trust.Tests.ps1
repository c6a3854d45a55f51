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

    It 'does not take a row for another one because it does not say its scope' {
        $row = [pscustomobject]@{ RoleAssignmentName = 'r1'; ObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionName = 'Owner' }
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment -RoleAssignment @($row, (New-Row 'r2' $Group)) -ErrorAction SilentlyContinue
        $joined.State | Should -Be 'Unknown'
    }

    It 'removes nothing of one tenant because the rows of another lack it' {
        $row = New-Row 'r2' '/'
        $row.PSObject.Properties.Add([psnoteproperty]::new('tenantId', '99999999-0000-0000-0000-000000000000'))
        $joined = @('99999999-0000-0000-0000-000000000000', '11111111-2222-3333-4444-555555555555' | ForEach-Object { New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1'; TenantId = $_ } }) | Join-AzRoleAssignment -RoleAssignment $row
        "$($joined.State)" | Should -Be 'Removed Unknown'
    }

    It 'says Unknown, NoTenant, of the root scope where the log names no tenant and the live list lacks it' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows['/'] = @(New-Row 'r2' '/')
        $joined = @((New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1'; TenantId = $null }), (New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' })) | Join-AzRoleAssignment
        "$($joined[0].State) $($joined[0].StateReason)" | Should -Be 'Unknown NoTenant'
        $joined[1].State | Should -Be 'Removed'
    }
}

Describe 'Join-AzRoleAssignment and the own list of an export' {
    BeforeEach {
        Reset-Az
        $row = '{"id":"' + $Group + '/providers/Microsoft.Authorization/roleAssignments/r1","name":"r1","properties":{"roleDefinitionId":"/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","principalId":"aaaaaaaa-0000-0000-0000-000000000001","principalType":"User","scope":"' + $Group + '"}}' + "`n"
        $bytes = [System.Text.Encoding]::UTF8.GetBytes($row)
        $list = (New-Folder) + '/roleAssignments.ndjson.gz'
        $file = [System.IO.File]::Create($list)
        $gzip = [System.IO.Compression.GZipStream]::new($file, [System.IO.Compression.CompressionMode]::Compress)
        $gzip.Write($bytes, 0, $bytes.Length)
        $gzip.Dispose()
        # Its time is that of the list, if not another one is given.
        function Set-Manifest {
            param([string] $ReadAt, [string] $Kept, [string] $Sha256 = [System.Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($list))).ToLowerInvariant())
            $null = New-File 'manifest.json' ('{"schema":1,"query":{"since":"2026-11-01T00:00:00Z"},"roleAssignments":{"file":"roleAssignments.ndjson.gz","sha256":"' + $Sha256 + '","readAt":"' + $ReadAt +
                '","scopes":[{"scope":"/","status":"complete","error":null},{"scope":"mg:mg-one",' + $Kept + '}]},"scopes":[]}')
        }
        $complete = '"status":"complete","error":null'
        $source = (New-Folder) + '/tenant.ndjson.gz'
        $gone = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; SourcePath = $source }
    }
    AfterEach { Clear-Test }

    It 'removes nothing that was done after it was read' {
        Set-Manifest '2026-11-20T09:00:00Z' $complete
        $joined = $gone | Join-AzRoleAssignment
        $joined.State | Should -Be 'Unknown'
        $joined.StateReason | Should -BeLike '*older than the operation'
        Set-Manifest '2026-11-22T09:00:00Z' '"status":"forbidden","error":null,"keptFrom":"2026-11-20T09:00:00Z"'
        ($gone | Join-AzRoleAssignment).State | Should -Be 'Unknown'
        Set-Manifest '2026-11-20T11:00:00Z' $complete
        ($gone | Join-AzRoleAssignment).State | Should -Be 'Removed'
        # What was kept tells of older things, with its own time.
        Set-Manifest '2026-11-22T09:00:00Z' '"status":"forbidden","error":null,"keptFrom":"2026-11-20T11:00:00Z"'
        $joined = $gone | Join-AzRoleAssignment
        "$($joined.State) $($joined.LookupTime.ToString('o'))" | Should -Be 'Removed 2026-11-20T11:00:00.0000000Z'
    }

    It 'removes nothing of a scope at which it has no row' {
        Set-Manifest '2026-11-22T09:00:00Z' $complete
        $joined = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r2'; SourcePath = $source } | Join-AzRoleAssignment
        "$($joined.State) $($joined.StateReason)" | Should -Be 'Unknown EmptyList'
    }

    It 'does not blame the log for what was given after it ends' {
        Set-Manifest '2026-11-22T09:00:00Z' $complete
        $manifest = (New-Folder) + '/manifest.json'
        $all = @($gone | Join-AzRoleAssignment -RoleAssignment @() -IncludeUnlogged)
        $all.Count | Should -Be 1
        foreach ($pair in @('2026-10-01', 'BeforeWindow'), @('2026-11-10', 'NotInLog'), @('2026-11-21', 'AfterWindow')) {
            [System.IO.File]::WriteAllText($manifest, [System.IO.File]::ReadAllText($manifest).Replace('"since":"2026-11-01T00:00:00Z"}', '"since":"2026-11-01T00:00:00Z","until":"2026-11-20T12:00:00Z"}'))
            $row = New-Row 'r9' $Group
            $row.PSObject.Properties.Add([psnoteproperty]::new('CreatedOn', $pair[0] + 'T00:00:00Z'))
            $all = @($gone | Join-AzRoleAssignment -RoleAssignment $row -IncludeUnlogged)
            $all[1].Reason | Should -Be $pair[1]
        }
    }

    It 'is not believed where its digest is not that of the manifest' {
        Set-Manifest '2026-11-22T09:00:00Z' $complete ('0' * 64)
        $joined = $gone | Join-AzRoleAssignment
        $joined.State | Should -Be 'Unknown'
        $joined.StateReason | Should -BeLike '*not the one that was exported'
    }

    It 'answers where the account is signed in to another tenant, and the name of a domain is no other tenant' {
        Install-AzAccounts; Install-AzResources
        Set-Manifest '2026-11-22T09:00:00Z' $complete
        $stands = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; SourcePath = $source; TenantId = '99999999-0000-0000-0000-000000000000' }
        $joined = $stands | Join-AzRoleAssignment
        "$($joined.State) $($joined.Source) $($joined.StateReason)" | Should -Be "Active Export WrongTenant; the export's own list answers"
        $Az.Calls.Count | Should -Be 0
        $global:Az.TenantId = 'contoso.example'
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
        ($stands | Join-AzRoleAssignment).Source | Should -Be 'Live'
    }
}

Describe 'A request to Privileged Identity Management that gives nothing' {
    BeforeAll {
        $events = '{"operationName":"Microsoft.Authorization/OPERATION/write","resourceId":"GROUP/providers/Microsoft.Authorization/OPERATION/q","caller":"ann@contoso.example","correlationId":"c","operationId":"o","eventDataId":"e1","eventTimestamp":"2026-11-20T10:00:00Z","status":"Succeeded","tenantId":"11111111-2222-3333-4444-555555555555","properties":{"requestbody":"{\"properties\":{\"principalId\":\"aaaaaaaa-0000-0000-0000-000000000001\",\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\",\"requestType\":\"TYPE\"}}"}}'
        $events = $events.Replace('GROUP', $Group)
    }
    BeforeEach {
        Reset-Az
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
    }
    AfterEach { Clear-Test }

    It 'is neither called a grant nor looked up: <Type> of <Operation>' -TestCases @(
        @{ Operation = 'roleAssignmentScheduleRequests'; Type = 'SelfDeactivate' }, @{ Operation = 'roleAssignmentScheduleRequests'; Type = 'AdminRemove' }
        @{ Operation = 'roleEligibilityScheduleRequests'; Type = 'AdminRemove' }
    ) {
        $path = New-File 'pim.ndjson' $events.Replace('OPERATION', $Operation).Replace('TYPE', $Type)
        $joined = Find-AzPrivilegedOperation $path -AzdalPath $Azdal | Join-AzRoleAssignment -IncludeUnlogged
        "$($joined[0].State) $($joined[0].StateReason) $($joined[0].Remedy)" | Should -Be 'NotApplicable Ending '
        (($joined[0] | Out-String -Width 400) -replace '\s+', ' ') | Should -Match 'ended the PIM role Owner'
        $Az.Calls.Count | Should -Be 2 -Because 'only / and the root group are asked for what no event explains'
    }

    It 'is told from one that gives a role' {
        foreach ($pair in @('roleAssignmentScheduleRequests', 'gave through PIM Owner'), @('roleEligibilityScheduleRequests', 'gave eligibility for Owner')) {
            $path = New-File 'pim.ndjson' $events.Replace('OPERATION', $pair[0]).Replace('TYPE', 'AdminAssign')
            ((Find-AzPrivilegedOperation $path -AzdalPath $Azdal | Out-String -Width 400) -replace '\s+', ' ') | Should -Match $pair[1]
        }
    }

    It 'is not called a grant where no record says what was asked for' {
        $path = New-File 'pim.ndjson' $events.Replace('OPERATION', 'roleAssignmentScheduleRequests').Replace('requestType', 'other')
        ((Find-AzPrivilegedOperation $path -AzdalPath $Azdal | Out-String -Width 400) -replace '\s+', ' ') | Should -Match 'made a request to PIM about Owner'
    }
}

Describe 'A finding whose outcome is not known' {
    BeforeEach { Reset-Az; New-Folder }
    AfterEach { Clear-Test }

    It 'does not read as if it had succeeded' {
        foreach ($outcome in 'Started', $null) {
            (New-Finding @{ Scope = '/'; RoleDefinitionName = 'Owner'; Outcome = $outcome } | Out-String -Width 400) -replace '\s+', ' ' | Should -Match 'outcome not known'
        }
    }

    It 'counts in the answer of the report where it stands or may' {
        $page = (New-Folder) + '/report.html'
        $finding = New-Finding @{ Scope = $Group; ScopeKind = 'managementGroup'; RoleAssignmentName = 'r1'; RoleAssignmentId = 'r1'; Severity = 'high'; Outcome = $null; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' }
        $finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group) | Export-AzDirectoryActivityReport $page -WarningAction SilentlyContinue
        [regex]::Match([System.IO.File]::ReadAllText($page), '<h2 id="answer"[^>]*>([^<]*)').Groups[1].Value | Should -BeLike '*1 role still stands*'
        # Of two findings about one assignment, the one in doubt outweighs the one that is gone.
        $gone = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; RoleAssignmentId = 'r1'; Severity = 'high'; EndedTime = (New-Utc 11) }
        $gone, $finding | Join-AzRoleAssignment -RoleAssignment @() | Export-AzDirectoryActivityReport $page -Force -WarningAction SilentlyContinue
        [regex]::Match([System.IO.File]::ReadAllText($page), '<h2 id="answer"[^>]*>([^<]*)').Groups[1].Value | Should -BeLike '*is not known*'
    }
}
