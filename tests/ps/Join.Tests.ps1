# Join-AzRoleAssignment: every state and reason, with hand-made findings and lists.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
}

Describe 'Join-AzRoleAssignment' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'A standing assignment is Active, with who holds it' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group -Condition '@Resource[x] eq 1')
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Active'
        $joined.StateReason | Should -BeExactly $null
        $joined.Source | Should -BeExactly 'Live'
        $joined.PrincipalDisplayName | Should -BeExactly 'Ann Example'
        $joined.PrincipalSignInName | Should -BeExactly 'ann@contoso.example'
        $joined.CurrentPrincipalId | Should -BeExactly 'aaaaaaaa-0000-0000-0000-000000000001'
        $joined.CurrentRoleDefinitionId | Should -BeExactly '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
        $joined.CurrentRoleDefinitionName | Should -BeExactly 'Owner'
        $joined.Condition | Should -BeExactly '@Resource[x] eq 1'
        $joined.LookupScope | Should -BeExactly $Group
        $joined.LookupTime.Kind | Should -BeExactly 'Utc'
        $joined.RoleDefinitionName | Should -BeExactly 'Owner' -Because 'the role of the log gets its name from the list'
    }

    It 'Another principal or role under the same name is Changed' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @((New-Row 'r1' $Group -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002' -DisplayName 'Bob'), (New-Row 'r2' $Group -RoleId 'b24988ac-6180-42a0-ab88-20f7382dd24c'))
        $one, $two = @(
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
        ) | Join-AzRoleAssignment
        $one.State | Should -BeExactly 'Changed'
        $one.CurrentPrincipalId | Should -BeExactly 'bbbbbbbb-0000-0000-0000-000000000002'
        $one.PrincipalId | Should -BeExactly 'aaaaaaaa-0000-0000-0000-000000000001' -Because 'the log is not rewritten'
        $one.PrincipalDisplayName | Should -BeExactly 'Ann Example' -Because 'the name is that of the principal in the log'
        $two.State | Should -BeExactly 'Changed'
        $two.CurrentRoleDefinitionId | Should -BeExactly 'b24988ac-6180-42a0-ab88-20f7382dd24c'
    }

    It 'The published event leads to its scope and to the assignment of its name' {
        Install-AzAccounts; Install-AzResources
        $tenant = '12345678-9abc-def0-1234-56789abcdef0'
        $global:Az.TenantId = $tenant
        $scope = "/providers/Microsoft.Management/managementGroups/$tenant"
        $global:Az.Rows[$scope] = @(
            New-Row '189668fa-bdfa-4281-8ff1-4554f3c10a4e' '/' -DisplayName 'Inherited'
            New-Row '189668fa-bdfa-4281-8ff1-4554f3c10a4e' $scope
            New-Row '189668fa-bdfa-4281-8ff1-4554f3c10a4e' "/subscriptions/$tenant" -DisplayName 'Below')
        $text = [System.IO.File]::ReadAllText("$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json")
        $joined = ConvertFrom-Json -InputObject $text | Join-AzRoleAssignment
        $Az.Calls -join ' ' | Should -BeExactly $scope
        $joined.State | Should -BeExactly 'Active'
        $joined.PrincipalDisplayName | Should -BeExactly 'Ann Example' -Because 'inherited and lower rows never match'
        $joined.RoleAssignmentName | Should -BeExactly '189668fa-bdfa-4281-8ff1-4554f3c10a4e'
        $joined.Scope | Should -BeExactly $scope
        $joined.ScopeKind | Should -BeExactly 'tenantRootGroup'
        $joined.Caller | Should -BeExactly 'admin@contoso.example'
    }

    It 'Case and a trailing slash do not matter, and roles compare by GUID' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'ABC' ($Group.ToUpperInvariant() + '/') -RoleId '8E3AF657-A8FF-443C-A75C-2FE8C4BCB635' -ObjectId 'AAAAAAAA000000000000000000000001')
        $joined = New-Finding @{ Scope = $Group + '/'; RoleAssignmentName = 'abc'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/8e3af657a8ff443ca75c2fe8c4bcb635' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Active'
    }

    It 'A non-empty list without it means Removed' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'other' $Group)
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Removed'
        $joined.Source | Should -BeExactly 'Live'
        $joined.CurrentPrincipalId | Should -BeExactly $null
        $joined.PrincipalId | Should -BeExactly 'aaaaaaaa-0000-0000-0000-000000000001'
        $joined.PrincipalDisplayName | Should -BeExactly 'Ann Example'
    }

    It 'An assignment that is inherited from above does not stand at the scope' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' '/')
        (New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment).State | Should -BeExactly 'Removed'
    }

    It 'An empty list says nothing' {
        Install-AzAccounts; Install-AzResources
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Unknown'
        $joined.StateReason | Should -BeExactly 'EmptyList'
    }

    It 'Forbidden and other failures are told apart, and the run goes on' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows['/subscriptions/a'] = { throw 'Operation returned an invalid status code ''Forbidden''' }
        $global:Az.Rows['/subscriptions/b'] = { throw "The network`nis down" }
        $global:Az.Rows['/subscriptions/c'] = @(New-Row 'r3' '/subscriptions/c')
        $a, $b, $c = 'a', 'b', 'c' | ForEach-Object { New-Finding @{ Scope = "/subscriptions/$_"; RoleAssignmentName = 'r3' } } | Join-AzRoleAssignment
        $a.State | Should -BeExactly 'Unknown'
        $a.StateReason | Should -BeExactly 'Forbidden'
        $b.State | Should -BeExactly 'Unknown'
        $b.StateReason | Should -BeExactly 'LookupFailed: The network is down'
        $c.State | Should -BeExactly 'Active'
    }

    It 'An error that Get-AzRoleAssignment only writes counts as a failure too' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = { param($Cmdlet) $Cmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new('AuthorizationFailed: no'), 'x', 'PermissionDenied', $null)) }
        (New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment).StateReason | Should -BeExactly 'Forbidden'
    }

    It 'BadRequest at the root hints at the version of Az' {
        Install-AzAccounts; Install-AzResources -Kind Old
        $global:Az.Rows['/'] = { throw 'Operation returned an invalid status code ''BadRequest''' }
        $joined = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Unknown'
        $joined.StateReason -match '^LookupFailed: .*Az 9\.3 or later' | Should -BeTrue -Because $joined.StateReason
    }

    It 'A finding of another tenant is not looked up' {
        Install-AzAccounts; Install-AzResources
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; TenantId = '99999999-2222-3333-4444-555555555555' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Unknown'
        $joined.StateReason | Should -BeExactly 'WrongTenant'
        $Az.Calls.Count | Should -BeExactly 0
        $joined.LookupTime | Should -BeExactly $null
    }

    It 'One look-up for each scope, however it is spelled' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
        $global:Az.Rows['/'] = { throw 'broken' }
        $all = @(
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
            New-Finding @{ Scope = $Group.ToUpperInvariant(); RoleAssignmentName = 'r2'; TenantId = $null }
            New-Finding @{ Scope = $Group + '/'; RoleAssignmentName = 'r3' }
            New-Finding @{ Scope = '/'; RoleAssignmentName = 'r4' }
            New-Finding @{ Scope = '/'; RoleAssignmentName = 'r5' }
        ) | Join-AzRoleAssignment
        $all.Count | Should -BeExactly 5
        $Az.Calls.Count | Should -BeExactly 2
    }

    It 'The optional parameters of Get-AzRoleAssignment are used only where it has them' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
        $profile7 = [pscustomobject]@{ DefaultContext = [pscustomobject]@{ Tenant = [pscustomobject]@{ Id = $Az.TenantId } } }
        $null = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment -DefaultProfile $profile7
        $Az.Bound[0] -match 'SkipClientSideScopeValidation' | Should -BeTrue -Because $Az.Bound[0]
        $Az.Bound[0] -match 'DefaultProfile' | Should -BeTrue -Because $Az.Bound[0]
        Install-AzResources -Kind Old
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group -Old)
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment -DefaultProfile $profile7
        $joined.State | Should -BeExactly 'Active' -Because 'older Az has no RoleAssignmentName'
        $Az.Bound[1] -notmatch 'DefaultProfile|Skip' | Should -BeTrue -Because $Az.Bound[1]
    }

    It 'A principal that is gone, or that may not be read, still matches' {
        Install-AzAccounts; Install-AzResources
        $row = New-Row 'r1' $Group -ObjectType 'Unknown'
        $row.DisplayName = $null
        $row.SignInName = $null
        $global:Az.Rows[$Group.ToLowerInvariant()] = @($row)
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' } | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Active'
        $joined.PrincipalDisplayName | Should -BeExactly $null
    }

    It 'A logged deletion means Removed, without a look-up, though the name was used again' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
        $first, $second = @(
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; EndedTime = '2026-11-20T11:00:00Z'; EndedBy = 'admin@contoso.example' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Time = (New-Utc 12) }
        ) | Join-AzRoleAssignment
        $first.State | Should -BeExactly 'Removed'
        $first.Source | Should -BeExactly 'Log'
        $second.State | Should -BeExactly 'Active'
        $Az.Calls.Count | Should -BeExactly 1
    }

    It 'Events: two writes of one name with a deletion between them, in any order' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
        $make = {
            param($Hour, $Verb)
            [pscustomobject]@{
                Authorization = [pscustomobject]@{ Action = "Microsoft.Authorization/roleAssignments/$Verb"; Scope = "$Group/providers/Microsoft.Authorization/roleAssignments/r1" }
                EventTimestamp = (New-Utc $Hour); Status = 'Succeeded'; Caller = 'a@contoso.example'
            }
        }
        foreach ($order in @(8, 9, 10), @(10, 9, 8)) {
            $all = $order | ForEach-Object { & $make $_ $(if ($_ -eq 9) { 'delete' } else { 'write' }) } | Join-AzRoleAssignment
            $all.Count | Should -BeExactly 3
            $by = @{}
            foreach ($one in $all) { $by[$one.Time.Hour] = $one }
            $by[8].State | Should -BeExactly 'Removed'
            $by[8].Source | Should -BeExactly 'Log'
            $by[8].EndedTime.Hour | Should -BeExactly '9'
            $by[9].State | Should -BeExactly 'Removed'
            $by[10].State | Should -BeExactly 'Active'
        }
    }

    It 'What never succeeded is NotApplied, what only began is Pending' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r9' $Group)
        $failed, $begun, $stands, $delete = @(
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Outcome = 'Failed' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Outcome = 'Started' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r9'; Outcome = 'Started' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r9'; Outcome = 'Started'; Operation = 'Microsoft.Authorization/roleAssignments/delete' }
        ) | Join-AzRoleAssignment
        $failed.State | Should -BeExactly 'NotApplied'
        $begun.State | Should -BeExactly 'Pending'
        $stands.State | Should -BeExactly 'Active' -Because 'it stands, though its end was not logged'
        $delete.State | Should -BeExactly 'Pending'
    }

    It 'A deletion is Removed by the log' {
        $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Operation = 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/DELETE' } | Join-AzRoleAssignment -RoleAssignment @(New-Row 'r1' $Group)
        $joined.State | Should -BeExactly 'Removed'
        $joined.Source | Should -BeExactly 'Log'
    }

    It 'Other operations are NotApplicable, and eligibility says so' {
        $other, $eligible, $policy = @(
            New-Finding @{ Operation = 'Microsoft.Insights/diagnosticSettings/delete' }
            New-Finding @{ Operation = 'Microsoft.Authorization/roleEligibilityScheduleRequests/write' }
            New-Finding @{ Operation = 'Microsoft.Authorization/roleManagementPolicies/write' }
        ) | Join-AzRoleAssignment -RoleAssignment @()
        $other.State | Should -BeExactly 'NotApplicable'
        $other.StateReason | Should -BeExactly $null
        $eligible.State | Should -BeExactly 'NotApplicable'
        $eligible.StateReason | Should -BeExactly 'Eligible'
        $policy.State | Should -BeExactly 'NotApplicable'
    }

    It 'An activation of PIM matches by principal, role and scope, and is never Removed' {
        $rows = (New-Row 'some-name' $Group), (New-Row 'x' $Group -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002')
        $op = 'Microsoft.Authorization/roleAssignmentScheduleRequests/write'
        $active, $gone, $ended = @(
            New-Finding @{ Operation = $op; Scope = $Group; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
            New-Finding @{ Operation = $op; Scope = $Group; PrincipalId = 'cccccccc-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
            New-Finding @{ Operation = $op; Scope = $Group; PrincipalId = 'cccccccc-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'; EndedTime = '2026-11-20T11:00:00Z' }
        ) | Join-AzRoleAssignment -RoleAssignment $rows
        $active.State | Should -BeExactly 'Active'
        $gone.State | Should -BeExactly 'Unknown'
        $gone.StateReason | Should -BeExactly 'NotListed'
        $ended.State | Should -BeExactly 'Unknown'
    }

    It 'An elevation is looked for at the root by object id and role' {
        Install-AzAccounts; Install-AzResources
        $uaa = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'
        $global:Az.Rows['/'] = @(
            New-Row 'e1' '/' -RoleId $uaa -ObjectId 'aaaaaaaa-0000-0000-0000-000000000001'
            New-Row 'e2' '/' -RoleId $uaa -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002' -SignInName 'bob@contoso.example'
            New-Row 'e3' '/' -ObjectId 'cccccccc-0000-0000-0000-000000000003')
        $op = 'Microsoft.Authorization/elevateAccess/action'
        $claim, $byName, $lost, $gone, $over = @(
            New-Finding @{ Operation = $op; CallerObjectId = 'AAAAAAAA-0000-0000-0000-000000000001'; Scope = '/' }
            New-Finding @{ Operation = $op; Caller = 'BOB@contoso.example' }
            New-Finding @{ Operation = $op; Caller = 'nobody@contoso.example' }
            New-Finding @{ Operation = $op; CallerObjectId = 'cccccccc-0000-0000-0000-000000000003' }
            New-Finding @{ Operation = $op; CallerObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; EndedTime = '2026-11-20T11:00:00Z' }
        ) | Join-AzRoleAssignment
        # An event, whose caller is an object id: azdal says so.
        $guid = [pscustomobject]@{ OperationName = $op.ToUpperInvariant(); Caller = 'bbbbbbbb-0000-0000-0000-000000000002'; EventTimestamp = (New-Utc 9); Status = 'Succeeded' } |
            Join-AzRoleAssignment -RoleAssignment $Az.Rows['/']
        $claim.State | Should -BeExactly 'Active'
        $guid.State | Should -BeExactly 'Active'
        $byName.State | Should -BeExactly 'Active'
        $lost.State | Should -BeExactly 'Unknown'
        $lost.StateReason | Should -BeExactly 'NoCallerObjectId'
        $gone.State | Should -BeExactly 'Removed' -Because 'Owner at the root is not User Access Administrator'
        $over.State | Should -BeExactly 'Removed'
        $over.Source | Should -BeExactly 'Log'
        $Az.Calls -join ' ' | Should -BeExactly '/'
    }

    It 'A saved list serves without Az, and only for scopes that it covers' {
        $csv = [pscustomobject]@{ RoleAssignmentId = "$Group/providers/Microsoft.Authorization/roleAssignments/r1"; Scope = $Group; ObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
        $active, $removed, $elsewhere, $root = @(
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2' }
            New-Finding @{ Scope = '/providers/Microsoft.Management/managementGroups/mg-two'; RoleAssignmentName = 'r3' }
            New-Finding @{ Scope = '/'; RoleAssignmentName = 'r4' }
        ) | Join-AzRoleAssignment -RoleAssignment $csv
        $active.State | Should -BeExactly 'Active'
        $active.Source | Should -BeExactly 'SavedList'
        $removed.State | Should -BeExactly 'Removed'
        $elsewhere.State | Should -BeExactly 'Unknown'
        $elsewhere.StateReason | Should -BeExactly 'EmptyList'
        "$($root.State) $($root.StateReason)" | Should -BeExactly 'Unknown EmptyList' -Because 'az role assignment list leaves out what is inherited'
        $above = New-Finding @{ Scope = '/subscriptions/s'; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment -RoleAssignment (New-Row 'r9' '/subscriptions/s/resourceGroups/g')
        "$($above.State) $($above.StateReason)" | Should -BeExactly 'Unknown EmptyList' -Because 'a list of a resource group need not have what its subscription has'
        $none = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r4' } | Join-AzRoleAssignment -RoleAssignment @()
        $none.StateReason | Should -BeExactly 'EmptyList'
    }

    It 'A saved list may be the rows of the service' {
        $row = ConvertFrom-Json -InputObject ('{"id":"/providers/Microsoft.Authorization/roleAssignments/r1","name":"r1","type":"x","properties":{"roleDefinitionId":"/subscriptions/q/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","principalId":"aaaaaaaa-0000-0000-0000-000000000001","principalType":"User","scope":"/","condition":null,"createdBy":null}}')
        $joined = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' } | Join-AzRoleAssignment -RoleAssignment $row
        $joined.State | Should -BeExactly 'Active'
    }

    It 'A saved list may be that of az role assignment list, or a whole REST answer' {
        $row = '{"id":"' + $Group + '/providers/Microsoft.Authorization/roleAssignments/r1","name":"r1","principalId":"aaaaaaaa-0000-0000-0000-000000000001","principalName":"ann@contoso.example","principalType":"User","roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","roleDefinitionName":"Owner","scope":"' + $Group + '"}'
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' }
        $joined = $finding | Join-AzRoleAssignment -RoleAssignment (ConvertFrom-Json -InputObject $row)
        "$($joined.State) $($joined.PrincipalSignInName) $($joined.CurrentRoleDefinitionName)" | Should -BeExactly 'Active ann@contoso.example Owner'
        foreach ($rows in $row, ($row + ',' + $row.Replace('r1', 'r2'))) {
            $joined = $finding | Join-AzRoleAssignment -RoleAssignment (ConvertFrom-Json -InputObject ('{"value":[' + $rows + ']}'))
            $joined.State | Should -BeExactly 'Active'
        }
    }

    It 'A list that does not say what it holds removes nothing' {
        $finding = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' }
        $whole = New-Row 'r9' '/'
        $noName = [pscustomobject]@{ Scope = '/'; ObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionName = 'Owner' }
        foreach ($list in @($whole, $noName), @($whole, [pscustomobject]@{ DisplayName = 'Ann' }), @($whole, '/a/list.json')) {
            $joined = $finding | Join-AzRoleAssignment -RoleAssignment $list -ErrorAction SilentlyContinue -ErrorVariable said
            $joined.State | Should -BeExactly 'Unknown'
            $joined.StateReason.StartsWith('LookupFailed: ') | Should -BeTrue -Because $joined.StateReason
            if ($list[1] -ne $noName) { $said[0].FullyQualifiedErrorId | Should -BeExactly 'InvalidInput,Join-AzRoleAssignment' }
        }
        $only = $finding | Join-AzRoleAssignment -RoleAssignment '/a/list.json' -ErrorAction SilentlyContinue
        "$($only.State) $($only.StateReason)" | Should -BeExactly 'Unknown EmptyList'
        # The scope stands in the id as well.
        $joined = $finding | Join-AzRoleAssignment -RoleAssignment ([pscustomobject]@{ RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/r1' })
        $joined.State | Should -BeExactly 'Active'
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows['/'] = @($noName)
        $joined = $finding | Join-AzRoleAssignment
        $joined.State | Should -BeExactly 'Unknown'
        $elevation = New-Finding @{ Operation = 'Microsoft.Authorization/elevateAccess/action'; Scope = '/'; CallerObjectId = 'bbbbbbbb-0000-0000-0000-000000000001' }
        ($elevation | Join-AzRoleAssignment).State | Should -BeExactly 'Unknown'
    }

    It 'The status of a failed look-up may be a number, a name or anything' {
        Install-AzAccounts; Install-AzResources
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
        foreach ($pair in @(403, 'Forbidden'), @('Forbidden', 'Forbidden'), @([System.Net.HttpStatusCode]::Forbidden, 'Forbidden'), @('nothing known', 'LookupFailed: nope'), @('BadGateway', 'LookupFailed: nope')) {
            $global:Status7 = $pair[0]
            $global:Az.Rows[$Group.ToLowerInvariant()] = {
                $failure = [System.InvalidOperationException]::new('nope')
                $failure.PSObject.Properties.Add([psnoteproperty]::new('Response', [pscustomobject]@{ StatusCode = $global:Status7 }))
                throw $failure
            }
            $global:ErrorActionPreference = 'Continue'
            try { $joined = $finding | Join-AzRoleAssignment } finally { $global:ErrorActionPreference = 'Stop' }
            "$($joined.State) $($joined.StateReason)" | Should -BeExactly "Unknown $($pair[1])" -Because "$($pair[0])"
        }
    }

    It 'Without Az the list of the export serves, where it was read' {
        $folder = New-Folder
        [System.IO.File]::WriteAllText("$folder/manifest.json", '{"schema":1,"query":{"since":"2026-11-01T00:00:00Z"},"roleAssignments":{"file":"roleAssignments.ndjson.gz","readAt":"2026-11-22T10:00:00Z","scopes":[{"scope":"/","status":"complete","error":null},{"scope":"mg:mg-one","status":"complete","error":null},{"scope":"mg:mg-two","status":"forbidden","error":{"code":"x","message":"y"}}]},"scopes":[]}')
        $file = [System.IO.File]::Create("$folder/roleAssignments.ndjson.gz")
        $gzip = [System.IO.Compression.GZipStream]::new($file, [System.IO.Compression.CompressionMode]::Compress)
        $text = '{"id":"' + $Group + '/providers/Microsoft.Authorization/roleAssignments/r1","name":"r1","properties":{"roleDefinitionId":"/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","principalId":"aaaaaaaa-0000-0000-0000-000000000001","principalType":"User","scope":"' + $Group + '","createdOn":"2026-10-01T00:00:00.1234567Z","createdBy":"bob"}}' + "`n"
        $bytes = [System.Text.Encoding]::UTF8.GetBytes($text)
        $gzip.Write($bytes, 0, $bytes.Length)
        $gzip.Dispose()
        $all = @(
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; SourcePath = "$folder/scope=tenant/date=2026-11-01/events.ndjson.gz" }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; SourcePath = "$folder/tenant.ndjson.gz" }
            New-Finding @{ Scope = '/providers/Microsoft.Management/managementGroups/mg-two'; RoleAssignmentName = 'r3'; SourcePath = "$folder/tenant.ndjson.gz" }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r4'; SourcePath = '/nowhere/tenant.ndjson.gz' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r5'; SourcePath = '/nowhere/tenant.ndjson.gz'; StateAtExport = 'Removed' }
        ) | Join-AzRoleAssignment
        ($all | ForEach-Object { $_.State }) -join ' ' | Should -BeExactly 'Active Removed Unknown Unknown Removed'
        $all[0].Source | Should -BeExactly 'Export'
        $all[0].LookupTime.ToString('yyyy-MM-dd') | Should -BeExactly '2026-11-22'
        $all[2].StateReason -match '^LookupFailed' | Should -BeTrue -Because $all[2].StateReason
        # With -IncludeUnlogged, the date of the export's row tells that it was made before the log begins.
        $unlogged = @(New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; SourcePath = "$folder/tenant.ndjson.gz" } | Join-AzRoleAssignment -IncludeUnlogged)
        $unlogged.Count | Should -BeExactly 2
        $unlogged[1].Reason | Should -BeExactly 'BeforeWindow'
        $unlogged[1].CreatedBy | Should -BeExactly 'bob'
        $unlogged[1].Source | Should -BeExactly 'Export'
    }

    It 'Unlogged assignments: what the log does not explain, at the root and the groups' {
        Install-AzAccounts; Install-AzResources
        $uaa = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'
        $rootGroup = "/providers/Microsoft.Management/managementGroups/$($Az.TenantId)"
        $global:Az.Rows['/'] = @((New-Row 'elevated' '/' -RoleId $uaa), (New-Row 'old-owner' '/' -ObjectId 'dddddddd-0000-0000-0000-000000000004'))
        $global:Az.Rows[$rootGroup] = @((New-Row 'old-owner' '/'), (New-Row 'backdoor' $rootGroup))
        $global:Az.Rows[$Group.ToLowerInvariant()] = @((New-Row 'r1' $Group), (New-Row 'backdoor' $rootGroup), (New-Row 'below' '/subscriptions/s'))
        $all = @(
            New-Finding @{ Operation = 'Microsoft.Authorization/elevateAccess/action'; CallerObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; Scope = '/' }
            New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
        ) | Join-AzRoleAssignment -IncludeUnlogged
        $unlogged = @($all | Where-Object { $_.PSObject.TypeNames[0] -eq 'AzDirectoryActivityLog.UnloggedAssignment' })
        ($unlogged | ForEach-Object { $_.RoleAssignmentName }) -join ' ' | Should -BeExactly 'old-owner backdoor'
        ($unlogged | ForEach-Object { $_.Reason }) -join ' ' | Should -BeExactly 'AgeUnknown AgeUnknown'
        $unlogged[1].ScopeKind | Should -BeExactly 'tenantRootGroup'
        $Az.Calls.Count | Should -BeExactly 3
    }

    It 'The objects that come in are not changed, and the types are layered' {
        $finding = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' }
        $before = ($finding.PSObject.Properties | ForEach-Object { $_.Name + '=' + $_.Value }) -join ';'
        $joined = Join-AzRoleAssignment -InputObject $finding -RoleAssignment (New-Row 'r1' '/')
        ($finding.PSObject.Properties | ForEach-Object { $_.Name + '=' + $_.Value }) -join ';' | Should -BeExactly $before
        $joined.PSObject.TypeNames[0] | Should -BeExactly 'AzDirectoryActivityLog.JoinedFinding'
        $joined.PSObject.TypeNames[1] | Should -BeExactly 'AzDirectoryActivityLog.Finding'
        # Joined again it is looked up again.
        ($joined | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' '/')).State | Should -BeExactly 'Removed'
    }

    It 'A cascade deletion is recognised by its own name, and dash-less ids by their digits' {
        $event7 = ConvertFrom-Json -InputObject ('{"authorization":{"action":"Microsoft.Resources/subscriptions/resourcegroups/delete","scope":"/subscriptions/s/resourcegroups/g"},"operationName":{"value":"Microsoft.Authorization/roleAssignments/delete","localizedValue":"x"},"status":{"value":"Succeeded"},"eventTimestamp":"2026-11-20T10:00:00.1234567Z","properties":{"id":"189668fabdfa42818ff14554f3c10a4e","principalId":"aaaaaaaa000000000000000000000001","roleDefinitionId":"8e3af657a8ff443ca75c2fe8c4bcb635","scope":"/subscriptions/s/resourceGroups/g"}}')
        $joined = $event7 | Join-AzRoleAssignment -RoleAssignment @()
        $joined.State | Should -BeExactly 'Removed'
        $joined.RoleAssignmentName | Should -BeExactly '189668fa-bdfa-4281-8ff1-4554f3c10a4e'
        $joined.PrincipalId | Should -BeExactly 'aaaaaaaa-0000-0000-0000-000000000001'
        $joined.Scope | Should -BeExactly '/subscriptions/s/resourceGroups/g'
    }

    It 'Events of Get-AzActivityLog are taken as they are' {
        $claims = [pscustomobject]@{ Content = [System.Collections.Generic.Dictionary[string, string]]::new() }
        $claims.Content['http://schemas.microsoft.com/identity/claims/objectidentifier'] = 'aaaaaaaa-0000-0000-0000-000000000001'
        $properties = [pscustomobject]@{ Content = [System.Collections.Generic.Dictionary[string, string]]::new() }
        $properties.Content['requestbody'] = '{"Id":"x","Properties":{"PrincipalId":"bbbbbbbb-0000-0000-0000-000000000002","RoleDefinitionId":"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}'
        $event7 = [pscustomobject]@{
            Authorization = [pscustomobject]@{ Action = 'Microsoft.Authorization/roleAssignments/write'; Role = $null; Scope = '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r1' }
            Caller = 'ann@contoso.example'; Claims = $claims; Properties = $properties; Status = 'Started'; OperationName = 'Create role assignment'
            EventTimestamp = (New-Utc 10)
        }
        $joined = $event7 | Join-AzRoleAssignment -RoleAssignment (New-Row 'other' '/subscriptions/s')
        $joined.State | Should -BeExactly 'Pending'
        $joined.PrincipalId | Should -BeExactly 'bbbbbbbb-0000-0000-0000-000000000002'
        $joined.RoleDefinitionId | Should -BeExactly '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
        $joined.CallerObjectId | Should -BeExactly 'aaaaaaaa-0000-0000-0000-000000000001'
        $joined.ScopeKind | Should -BeExactly 'subscription'
    }

    It 'What is neither a finding nor an event is an error, and the rest goes on' {
        $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
        $out = @('./case42', 5, [pscustomobject]@{ Name = 'x' }, $finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group) -ErrorAction SilentlyContinue -ErrorVariable said)
        $out.Count | Should -BeExactly 1
        $out[0].State | Should -BeExactly 'Active'
        $said.Count | Should -BeExactly 3
        $said[0].FullyQualifiedErrorId | Should -BeExactly 'InvalidInput,Join-AzRoleAssignment'
        # An event of few fields is an event.
        $few = [pscustomobject]@{ EventTimestamp = (New-Utc 1); Caller = 'c'; OperationName = 'x/y'; Authorization = $null }
        ($few | Join-AzRoleAssignment -RoleAssignment @()).State | Should -BeExactly 'NotApplicable'
        # What azdal cannot read as an event is an error, and no row.
        $none = [pscustomobject]@{ EventTimestamp = $null; Caller = 'c'; OperationName = $null; Authorization = $null }
        @($none | Join-AzRoleAssignment -RoleAssignment @() -ErrorAction SilentlyContinue -ErrorVariable said -WarningAction SilentlyContinue).Count | Should -BeExactly 0
        $said.Count | Should -BeGreaterThan 0
    }

    It 'Each record of an operation says what the whole operation says' {
        $make = {
            param($Status, $Hour, $Body)
            [pscustomobject]@{
                Authorization = [pscustomobject]@{ Action = 'Microsoft.Authorization/roleAssignments/write'; Scope = "$Group/providers/Microsoft.Authorization/roleAssignments/r1" }
                EventTimestamp = (New-Utc $Hour); Status = $Status; Caller = 'a@contoso.example'; CorrelationId = 'k'; OperationId = 'o'
                EventDataId = "id-$Status"; Properties = $(if ($Body) { [pscustomobject]@{ requestbody = $Body } })
            }
        }
        $body = '{"properties":{"principalId":"aaaaaaaa-0000-0000-0000-000000000001","roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}'
        $begun, $done = @((& $make 'Started' 8 $body), (& $make 'Succeeded' 9)) | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group)
        foreach ($one in $begun, $done) {
            "$($one.State) $($one.PrincipalId) $($one.RoleDefinitionName) $($one.Rule)" | Should -BeExactly 'Active aaaaaaaa-0000-0000-0000-000000000001 Owner role-assignment-mg'
        }
        "$($begun.EventDataIds) $($begun.Time.Hour) $($done.EventDataIds) $($done.Time.Hour)" | Should -BeExactly 'id-Started 8 id-Succeeded 9'
        # The log ends after its begin: nothing says that it was carried out.
        (& $make 'Started' 8 $body | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' $Group)).State | Should -BeExactly 'Pending'
    }

    It 'A null on the pipeline is passed over' {
        $all = @(@($null, (New-Finding @{ Operation = 'x/y' })) | Join-AzRoleAssignment -RoleAssignment @())
        $all.Count | Should -BeExactly 1
    }
}
