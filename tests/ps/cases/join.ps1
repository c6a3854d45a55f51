# Join-AzRoleAssignment: every state and reason, with hand-made findings and lists.

Test 'A standing assignment is Active, with who holds it' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group -Condition '@Resource[x] eq 1')
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' } | Join-AzRoleAssignment
    Assert-Equal 'Active' $joined.State
    Assert-Equal $null $joined.StateReason
    Assert-Equal 'Live' $joined.Source
    Assert-Equal 'Ann Example' $joined.PrincipalDisplayName
    Assert-Equal 'ann@contoso.example' $joined.PrincipalSignInName
    Assert-Equal 'aaaaaaaa-0000-0000-0000-000000000001' $joined.CurrentPrincipalId
    Assert-Equal '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' $joined.CurrentRoleDefinitionId
    Assert-Equal 'Owner' $joined.CurrentRoleDefinitionName
    Assert-Equal '@Resource[x] eq 1' $joined.Condition
    Assert-Equal $Group $joined.LookupScope
    Assert-Equal 'Utc' $joined.LookupTime.Kind
    Assert-Equal 'Owner' $joined.RoleDefinitionName 'the role of the log gets its name from the list'
}

Test 'Another principal or role under the same name is Changed' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @((New-Row 'r1' $Group -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002' -DisplayName 'Bob'), (New-Row 'r2' $Group -RoleId 'b24988ac-6180-42a0-ab88-20f7382dd24c'))
    $one, $two = @(
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' }
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
    ) | Join-AzRoleAssignment
    Assert-Equal 'Changed' $one.State
    Assert-Equal 'bbbbbbbb-0000-0000-0000-000000000002' $one.CurrentPrincipalId
    Assert-Equal 'aaaaaaaa-0000-0000-0000-000000000001' $one.PrincipalId 'the log is not rewritten'
    Assert-Equal 'Ann Example' $one.PrincipalDisplayName 'the name is that of the principal in the log'
    Assert-Equal 'Changed' $two.State
    Assert-Equal 'b24988ac-6180-42a0-ab88-20f7382dd24c' $two.CurrentRoleDefinitionId
}

Test 'The published event leads to its scope and to the assignment of its name' {
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
    Assert-Equal $scope ($Az.Calls -join ' ')
    Assert-Equal 'Active' $joined.State
    Assert-Equal 'Ann Example' $joined.PrincipalDisplayName 'inherited and lower rows never match'
    Assert-Equal '189668fa-bdfa-4281-8ff1-4554f3c10a4e' $joined.RoleAssignmentName
    Assert-Equal $scope $joined.Scope
    Assert-Equal 'tenantRootGroup' $joined.ScopeKind
    Assert-Equal 'admin@contoso.example' $joined.Caller
}

Test 'Case and a trailing slash do not matter, and roles compare by GUID' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'ABC' ($Group.ToUpperInvariant() + '/') -RoleId '8E3AF657-A8FF-443C-A75C-2FE8C4BCB635' -ObjectId 'AAAAAAAA000000000000000000000001')
    $joined = New-Finding @{ Scope = $Group + '/'; RoleAssignmentName = 'abc'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/8e3af657a8ff443ca75c2fe8c4bcb635' } | Join-AzRoleAssignment
    Assert-Equal 'Active' $joined.State
}

Test 'A non-empty list without it means Removed' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'other' $Group)
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' } | Join-AzRoleAssignment
    Assert-Equal 'Removed' $joined.State
    Assert-Equal 'Live' $joined.Source
    Assert-Equal $null $joined.CurrentPrincipalId
    Assert-Equal 'aaaaaaaa-0000-0000-0000-000000000001' $joined.PrincipalId
    Assert-Equal 'Ann Example' $joined.PrincipalDisplayName
}

Test 'An assignment that is inherited from above does not stand at the scope' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' '/')
    Assert-Equal 'Removed' (New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment).State
}

Test 'An empty list says nothing' {
    Install-AzAccounts; Install-AzResources
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment
    Assert-Equal 'Unknown' $joined.State
    Assert-Equal 'EmptyList' $joined.StateReason
}

Test 'Forbidden and other failures are told apart, and the run goes on' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows['/subscriptions/a'] = { throw 'Operation returned an invalid status code ''Forbidden''' }
    $global:Az.Rows['/subscriptions/b'] = { throw "The network`nis down" }
    $global:Az.Rows['/subscriptions/c'] = @(New-Row 'r3' '/subscriptions/c')
    $a, $b, $c = 'a', 'b', 'c' | ForEach-Object { New-Finding @{ Scope = "/subscriptions/$_"; RoleAssignmentName = 'r3' } } | Join-AzRoleAssignment
    Assert-Equal 'Unknown' $a.State
    Assert-Equal 'Forbidden' $a.StateReason
    Assert-Equal 'Unknown' $b.State
    Assert-Equal 'LookupFailed: The network is down' $b.StateReason
    Assert-Equal 'Active' $c.State
}

Test 'An error that Get-AzRoleAssignment only writes counts as a failure too' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = { param($Cmdlet) $Cmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new('AuthorizationFailed: no'), 'x', 'PermissionDenied', $null)) }
    Assert-Equal 'Forbidden' (New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment).StateReason
}

Test 'BadRequest at the root hints at the version of Az' {
    Install-AzAccounts; Install-AzResources -Kind Old
    $global:Az.Rows['/'] = { throw 'Operation returned an invalid status code ''BadRequest''' }
    $joined = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment
    Assert-Equal 'Unknown' $joined.State
    Assert-True ($joined.StateReason -match '^LookupFailed: .*Az 9\.3 or later') $joined.StateReason
}

Test 'A finding of another tenant is not looked up' {
    Install-AzAccounts; Install-AzResources
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; TenantId = '99999999-2222-3333-4444-555555555555' } | Join-AzRoleAssignment
    Assert-Equal 'Unknown' $joined.State
    Assert-Equal 'WrongTenant' $joined.StateReason
    Assert-Equal 0 $Az.Calls.Count
    Assert-Equal $null $joined.LookupTime
}

Test 'One look-up for each scope, however it is spelled' {
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
    Assert-Equal 5 $all.Count
    Assert-Equal 2 $Az.Calls.Count
}

Test 'The optional parameters of Get-AzRoleAssignment are used only where it has them' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
    $profile7 = [pscustomobject]@{ DefaultContext = [pscustomobject]@{ Tenant = [pscustomobject]@{ Id = $Az.TenantId } } }
    $null = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment -DefaultProfile $profile7
    Assert-True ($Az.Bound[0] -match 'SkipClientSideScopeValidation') $Az.Bound[0]
    Assert-True ($Az.Bound[0] -match 'DefaultProfile') $Az.Bound[0]
    Install-AzResources -Kind Old
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group -Old)
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' } | Join-AzRoleAssignment -DefaultProfile $profile7
    Assert-Equal 'Active' $joined.State 'older Az has no RoleAssignmentName'
    Assert-True ($Az.Bound[1] -notmatch 'DefaultProfile|Skip') $Az.Bound[1]
}

Test 'A principal that is gone, or that may not be read, still matches' {
    Install-AzAccounts; Install-AzResources
    $row = New-Row 'r1' $Group -ObjectType 'Unknown'
    $row.DisplayName = $null
    $row.SignInName = $null
    $global:Az.Rows[$Group.ToLowerInvariant()] = @($row)
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' } | Join-AzRoleAssignment
    Assert-Equal 'Active' $joined.State
    Assert-Equal $null $joined.PrincipalDisplayName
}

Test 'A logged deletion means Removed, without a look-up, though the name was used again' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r1' $Group)
    $first, $second = @(
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; EndedTime = '2026-11-20T11:00:00Z'; EndedBy = 'admin@contoso.example' }
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Time = (New-Utc 12) }
    ) | Join-AzRoleAssignment
    Assert-Equal 'Removed' $first.State
    Assert-Equal 'Log' $first.Source
    Assert-Equal 'Active' $second.State
    Assert-Equal 1 $Az.Calls.Count
}

Test 'Events: two writes of one name with a deletion between them, in any order' {
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
        Assert-Equal 3 $all.Count
        $by = @{}
        foreach ($one in $all) { $by[$one.Time.Hour] = $one }
        Assert-Equal 'Removed' $by[8].State
        Assert-Equal 'Log' $by[8].Source
        Assert-Equal '9' $by[8].EndedTime.Hour
        Assert-Equal 'Removed' $by[9].State
        Assert-Equal 'Active' $by[10].State
    }
}

Test 'What never succeeded is NotApplied, what only began is Pending' {
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows[$Group.ToLowerInvariant()] = @(New-Row 'r9' $Group)
    $failed, $begun, $stands, $delete = @(
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Outcome = 'Failed' }
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Outcome = 'Started' }
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r9'; Outcome = 'Started' }
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r9'; Outcome = 'Started'; Operation = 'Microsoft.Authorization/roleAssignments/delete' }
    ) | Join-AzRoleAssignment
    Assert-Equal 'NotApplied' $failed.State
    Assert-Equal 'Pending' $begun.State
    Assert-Equal 'Active' $stands.State 'it stands, though its end was not logged'
    Assert-Equal 'Pending' $delete.State
}

Test 'A deletion is Removed by the log' {
    $joined = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; Operation = 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/DELETE' } | Join-AzRoleAssignment -RoleAssignment @(New-Row 'r1' $Group)
    Assert-Equal 'Removed' $joined.State
    Assert-Equal 'Log' $joined.Source
}

Test 'Other operations are NotApplicable, and eligibility says so' {
    $other, $eligible, $policy = @(
        New-Finding @{ Operation = 'Microsoft.Insights/diagnosticSettings/delete' }
        New-Finding @{ Operation = 'Microsoft.Authorization/roleEligibilityScheduleRequests/write' }
        New-Finding @{ Operation = 'Microsoft.Authorization/roleManagementPolicies/write' }
    ) | Join-AzRoleAssignment -RoleAssignment @()
    Assert-Equal 'NotApplicable' $other.State
    Assert-Equal $null $other.StateReason
    Assert-Equal 'NotApplicable' $eligible.State
    Assert-Equal 'Eligible' $eligible.StateReason
    Assert-Equal 'NotApplicable' $policy.State
}

Test 'An activation of PIM matches by principal, role and scope, and is never Removed' {
    $rows = (New-Row 'some-name' $Group), (New-Row 'x' $Group -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002')
    $op = 'Microsoft.Authorization/roleAssignmentScheduleRequests/write'
    $active, $gone, $ended = @(
        New-Finding @{ Operation = $op; Scope = $Group; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
        New-Finding @{ Operation = $op; Scope = $Group; PrincipalId = 'cccccccc-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
        New-Finding @{ Operation = $op; Scope = $Group; PrincipalId = 'cccccccc-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'; EndedTime = '2026-11-20T11:00:00Z' }
    ) | Join-AzRoleAssignment -RoleAssignment $rows
    Assert-Equal 'Active' $active.State
    Assert-Equal 'Unknown' $gone.State
    Assert-Equal 'NotListed' $gone.StateReason
    Assert-Equal 'Unknown' $ended.State
}

Test 'An elevation is looked for at the root by object id and role' {
    Install-AzAccounts; Install-AzResources
    $uaa = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'
    $global:Az.Rows['/'] = @(
        New-Row 'e1' '/' -RoleId $uaa -ObjectId 'aaaaaaaa-0000-0000-0000-000000000001'
        New-Row 'e2' '/' -RoleId $uaa -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002' -SignInName 'bob@contoso.example'
        New-Row 'e3' '/' -ObjectId 'cccccccc-0000-0000-0000-000000000003')
    $op = 'Microsoft.Authorization/elevateAccess/action'
    $claim, $guid, $byName, $lost, $gone, $over = @(
        New-Finding @{ Operation = $op; CallerObjectId = 'AAAAAAAA-0000-0000-0000-000000000001'; Scope = '/' }
        New-Finding @{ Operation = $op.ToUpperInvariant(); Caller = 'bbbbbbbb-0000-0000-0000-000000000002' }
        New-Finding @{ Operation = $op; Caller = 'BOB@contoso.example' }
        New-Finding @{ Operation = $op; Caller = 'nobody@contoso.example' }
        New-Finding @{ Operation = $op; CallerObjectId = 'cccccccc-0000-0000-0000-000000000003' }
        New-Finding @{ Operation = $op; CallerObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; EndedTime = '2026-11-20T11:00:00Z' }
    ) | Join-AzRoleAssignment
    Assert-Equal 'Active' $claim.State
    Assert-Equal 'Active' $guid.State
    Assert-Equal 'Active' $byName.State
    Assert-Equal 'Unknown' $lost.State
    Assert-Equal 'NoCallerObjectId' $lost.StateReason
    Assert-Equal 'Removed' $gone.State 'Owner at the root is not User Access Administrator'
    Assert-Equal 'Removed' $over.State
    Assert-Equal 'Log' $over.Source
    Assert-Equal '/' ($Az.Calls -join ' ')
}

Test 'A saved list serves without Az, and only for scopes that it covers' {
    $csv = [pscustomobject]@{ RoleAssignmentId = "$Group/providers/Microsoft.Authorization/roleAssignments/r1"; Scope = $Group; ObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }
    $active, $removed, $elsewhere, $root = @(
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
        New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2' }
        New-Finding @{ Scope = '/providers/Microsoft.Management/managementGroups/mg-two'; RoleAssignmentName = 'r3' }
        New-Finding @{ Scope = '/'; RoleAssignmentName = 'r4' }
    ) | Join-AzRoleAssignment -RoleAssignment $csv
    Assert-Equal 'Active' $active.State
    Assert-Equal 'SavedList' $active.Source
    Assert-Equal 'Removed' $removed.State
    Assert-Equal 'Unknown' $elsewhere.State
    Assert-Equal 'EmptyList' $elsewhere.StateReason
    Assert-Equal 'Removed' $root.State 'every list has what the root hands down'
    $none = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r4' } | Join-AzRoleAssignment -RoleAssignment @()
    Assert-Equal 'EmptyList' $none.StateReason
}

Test 'A saved list may be the rows of the service' {
    $row = ConvertFrom-Json -InputObject ('{"id":"/providers/Microsoft.Authorization/roleAssignments/r1","name":"r1","type":"x","properties":{"roleDefinitionId":"/subscriptions/q/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","principalId":"aaaaaaaa-0000-0000-0000-000000000001","principalType":"User","scope":"/","condition":null,"createdBy":null}}')
    $joined = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1'; RoleDefinitionId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' } | Join-AzRoleAssignment -RoleAssignment $row
    Assert-Equal 'Active' $joined.State
}

Test 'A saved list may be that of az role assignment list, or a whole REST answer' {
    $row = '{"id":"' + $Group + '/providers/Microsoft.Authorization/roleAssignments/r1","name":"r1","principalId":"aaaaaaaa-0000-0000-0000-000000000001","principalName":"ann@contoso.example","principalType":"User","roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","roleDefinitionName":"Owner","scope":"' + $Group + '"}'
    $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1'; PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001' }
    $joined = $finding | Join-AzRoleAssignment -RoleAssignment (ConvertFrom-Json -InputObject $row)
    Assert-Equal 'Active ann@contoso.example Owner' "$($joined.State) $($joined.PrincipalSignInName) $($joined.CurrentRoleDefinitionName)"
    foreach ($rows in $row, ($row + ',' + $row.Replace('r1', 'r2'))) {
        $joined = $finding | Join-AzRoleAssignment -RoleAssignment (ConvertFrom-Json -InputObject ('{"value":[' + $rows + ']}'))
        Assert-Equal 'Active' $joined.State
    }
}

Test 'A list that does not say what it holds removes nothing' {
    $finding = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' }
    $whole = New-Row 'r9' '/'
    $noName = [pscustomobject]@{ Scope = '/'; ObjectId = 'aaaaaaaa-0000-0000-0000-000000000001'; RoleDefinitionName = 'Owner' }
    foreach ($list in @($whole, $noName), @($whole, [pscustomobject]@{ DisplayName = 'Ann' }), @($whole, '/a/list.json')) {
        $joined = $finding | Join-AzRoleAssignment -RoleAssignment $list -ErrorAction SilentlyContinue -ErrorVariable said
        Assert-Equal 'Unknown' $joined.State
        Assert-True $joined.StateReason.StartsWith('LookupFailed: ') $joined.StateReason
        if ($list[1] -ne $noName) { Assert-Equal 'InvalidInput,Join-AzRoleAssignment' $said[0].FullyQualifiedErrorId }
    }
    $only = $finding | Join-AzRoleAssignment -RoleAssignment '/a/list.json' -ErrorAction SilentlyContinue
    Assert-Equal 'Unknown EmptyList' "$($only.State) $($only.StateReason)"
    # The scope stands in the id as well.
    $joined = $finding | Join-AzRoleAssignment -RoleAssignment ([pscustomobject]@{ RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/r1' })
    Assert-Equal 'Active' $joined.State
    Install-AzAccounts; Install-AzResources
    $global:Az.Rows['/'] = @($noName)
    $joined = $finding | Join-AzRoleAssignment
    Assert-Equal 'Unknown' $joined.State
    $elevation = New-Finding @{ Operation = 'Microsoft.Authorization/elevateAccess/action'; Scope = '/'; CallerObjectId = 'bbbbbbbb-0000-0000-0000-000000000001' }
    Assert-Equal 'Unknown' ($elevation | Join-AzRoleAssignment).State
}

Test 'The status of a failed look-up may be a number, a name or anything' {
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
        Assert-Equal "Unknown $($pair[1])" "$($joined.State) $($joined.StateReason)" "$($pair[0])"
    }
}

Test 'Without Az the list of the export serves, where it was read' {
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
    Assert-Equal 'Active Removed Unknown Unknown Removed' (($all | ForEach-Object { $_.State }) -join ' ')
    Assert-Equal 'Export' $all[0].Source
    Assert-Equal '2026-11-22' $all[0].LookupTime.ToString('yyyy-MM-dd')
    Assert-True ($all[2].StateReason -match '^LookupFailed') $all[2].StateReason
    # With -IncludeUnlogged, the date of the export's row tells that it was made before the log begins.
    $unlogged = @(New-Finding @{ Scope = $Group; RoleAssignmentName = 'r2'; SourcePath = "$folder/tenant.ndjson.gz" } | Join-AzRoleAssignment -IncludeUnlogged)
    Assert-Equal 2 $unlogged.Count
    Assert-Equal 'BeforeWindow' $unlogged[1].Reason
    Assert-Equal 'bob' $unlogged[1].CreatedBy
    Assert-Equal 'Export' $unlogged[1].Source
}

Test 'Unlogged assignments: what the log does not explain, at the root and the groups' {
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
    Assert-Equal 'old-owner backdoor' (($unlogged | ForEach-Object { $_.RoleAssignmentName }) -join ' ')
    Assert-Equal 'AgeUnknown AgeUnknown' (($unlogged | ForEach-Object { $_.Reason }) -join ' ')
    Assert-Equal 'tenantRootGroup' $unlogged[1].ScopeKind
    Assert-Equal 3 $Az.Calls.Count
}

Test 'The objects that come in are not changed, and the types are layered' {
    $finding = New-Finding @{ Scope = '/'; RoleAssignmentName = 'r1' }
    $before = ($finding.PSObject.Properties | ForEach-Object { $_.Name + '=' + $_.Value }) -join ';'
    $joined = Join-AzRoleAssignment -InputObject $finding -RoleAssignment (New-Row 'r1' '/')
    Assert-Equal $before (($finding.PSObject.Properties | ForEach-Object { $_.Name + '=' + $_.Value }) -join ';')
    Assert-Equal 'AzDirectoryActivityLog.JoinedFinding' $joined.PSObject.TypeNames[0]
    Assert-Equal 'AzDirectoryActivityLog.Finding' $joined.PSObject.TypeNames[1]
    # Joined again it is looked up again.
    Assert-Equal 'Removed' ($joined | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' '/')).State
}

Test 'A cascade deletion is recognised by its own name, and dash-less ids by their digits' {
    $event7 = ConvertFrom-Json -InputObject ('{"authorization":{"action":"Microsoft.Resources/subscriptions/resourcegroups/delete","scope":"/subscriptions/s/resourcegroups/g"},"operationName":{"value":"Microsoft.Authorization/roleAssignments/delete","localizedValue":"x"},"status":{"value":"Succeeded"},"eventTimestamp":"2026-11-20T10:00:00.1234567Z","properties":{"id":"189668fabdfa42818ff14554f3c10a4e","principalId":"aaaaaaaa000000000000000000000001","roleDefinitionId":"8e3af657a8ff443ca75c2fe8c4bcb635","scope":"/subscriptions/s/resourceGroups/g"}}')
    $joined = $event7 | Join-AzRoleAssignment -RoleAssignment @()
    Assert-Equal 'Removed' $joined.State
    Assert-Equal '189668fa-bdfa-4281-8ff1-4554f3c10a4e' $joined.RoleAssignmentName
    Assert-Equal 'aaaaaaaa-0000-0000-0000-000000000001' $joined.PrincipalId
    Assert-Equal '/subscriptions/s/resourceGroups/g' $joined.Scope
}

Test 'Events of Get-AzActivityLog are taken as they are' {
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
    Assert-Equal 'Pending' $joined.State
    Assert-Equal 'bbbbbbbb-0000-0000-0000-000000000002' $joined.PrincipalId
    Assert-Equal '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' $joined.RoleDefinitionId
    Assert-Equal 'aaaaaaaa-0000-0000-0000-000000000001' $joined.CallerObjectId
    Assert-Equal 'subscription' $joined.ScopeKind
}

Test 'What is neither a finding nor an event is an error, and the rest goes on' {
    $finding = New-Finding @{ Scope = $Group; RoleAssignmentName = 'r1' }
    $out = @('./case42', 5, [pscustomobject]@{ Name = 'x' }, $finding | Join-AzRoleAssignment -RoleAssignment (New-Row 'r1' $Group) -ErrorAction SilentlyContinue -ErrorVariable said)
    Assert-Equal 1 $out.Count
    Assert-Equal 'Active' $out[0].State
    Assert-Equal 3 $said.Count
    Assert-Equal 'InvalidInput,Join-AzRoleAssignment' $said[0].FullyQualifiedErrorId
    # An event of few fields is an event.
    $few = [pscustomobject]@{ EventTimestamp = (New-Utc 1); Caller = 'c'; OperationName = $null; Authorization = $null }
    Assert-Equal 'NotApplicable' ($few | Join-AzRoleAssignment -RoleAssignment @()).State
}

Test 'A null on the pipeline is passed over' {
    $all = @(@($null, (New-Finding @{ Operation = 'x/y' })) | Join-AzRoleAssignment -RoleAssignment @())
    Assert-Equal 1 $all.Count
}
