# Writes the pages that the browser tests look at into a folder: findings and manifests made here.
param([string] $Module, [string] $Folder)

$ErrorActionPreference = 'Stop'
Import-Module -Name $Module
$tenant = '11111111-2222-3333-4444-555555555555'
$group = "/providers/Microsoft.Management/managementGroups/$tenant"
$owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
$names = 'Time Rule Severity Title Outcome Operation Caller CallerObjectId CallerAppId CallerIpAddress TenantId Scope ScopeKind ResourceId RoleAssignmentName RoleAssignmentId PrincipalId PrincipalType RoleDefinitionId RoleDefinitionName SelfAssigned EndedTime EndedBy StateAtExport StoryId CorrelationId OperationId EventDataIds Techniques Notes LogScope SourcePath SourceLine'.Split(' ')
$joinedNames = 'State StateReason Source PrincipalDisplayName PrincipalSignInName CurrentPrincipalId CurrentRoleDefinitionId CurrentRoleDefinitionName Condition LookupScope LookupTime'.Split(' ')
$script:count = 0

# A finding; what is not given is null, or made from its number where every finding has it.
function New-TestFinding {
    param([hashtable] $With, [switch] $Plain)

    $script:count++
    $n = $script:count
    $finding = [ordered]@{}
    foreach ($name in $names) { $finding[$name] = $null }
    if (-not $Plain) { foreach ($name in $joinedNames) { $finding[$name] = $null } }
    $finding.Outcome = 'Succeeded'
    $finding.TenantId = $tenant
    $finding.CorrelationId = 'c0de0000-0000-0000-0000-{0:D12}' -f $n
    $finding.OperationId = $finding.CorrelationId
    $finding.EventDataIds = @(('e0000000-0000-0000-0000-{0:D12}' -f (2 * $n)), ('e0000000-0000-0000-0000-{0:D12}' -f (2 * $n + 1)))
    $finding.Techniques = @('T1098.003', 'T1078.004')
    $finding.Notes = @()
    $finding.LogScope = 'tenant'
    $finding.SourcePath = '/cases/42/tenant.ndjson.gz'
    $finding.SourceLine = 100 + $n
    foreach ($key in $With.Keys) { $finding[$key] = $With[$key] }
    $result = [pscustomobject]$finding
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    if (-not $Plain) { $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.JoinedFinding') }
    return $result
}

# Tables laid over each other; the last one wins.
function Join-Table {
    $all = @{}
    foreach ($table in $args) { foreach ($key in $table.Keys) { $all[$key] = $table[$key] } }
    return $all
}

function Get-Time {
    param([string] $Text)

    return [datetime]::Parse($Text, [cultureinfo]::InvariantCulture, [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal')
}

function New-Story {
    param([switch] $Plain)

    $dana = @{ Caller = 'dana@contoso.example'; CallerObjectId = 'd0000000-0000-0000-0000-00000000000d'; CallerIpAddress = '198.51.100.25'; StoryId = 'story-000000000001' }
    $elevate = @{
        Rule = 'elevate-access'; Severity = 'high'; Title = 'Elevated to User Access Administrator at /'
        Operation = 'Microsoft.Authorization/elevateAccess/action'; Scope = '/'; ScopeKind = 'root'; ResourceId = '/providers/Microsoft.Authorization'
        RoleDefinitionId = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'; RoleDefinitionName = 'User Access Administrator'; SelfAssigned = $true
    }
    $assign = @{
        Rule = 'role-assignment-root'; Severity = 'critical'; Title = 'Role assigned at the root of the tenant'
        Operation = 'Microsoft.Authorization/roleAssignments/write'; Scope = '/'; ScopeKind = 'root'
        RoleDefinitionId = $owner; RoleDefinitionName = 'Owner'; SelfAssigned = $false; PrincipalType = 'User'
    }
    $remove = @{
        Rule = 'role-assignment-removed'; Severity = 'medium'; Title = 'Role assignment removed'
        Operation = 'Microsoft.Authorization/roleAssignments/delete'; Scope = '/'; ScopeKind = 'root'; Techniques = @('T1531', 'T1098.003')
    }
    $all = @(
        (Join-Table $dana $elevate @{ Time = Get-Time '2026-11-02T08:12:31.1234567Z'; PrincipalId = $dana.CallerObjectId; EndedTime = Get-Time '2026-11-02T17:40:00Z'; EndedBy = $dana.Caller; StateAtExport = 'Removed'; State = 'Removed'; Source = 'Log'
                Notes = @('Global Administrators elevate to read this log or to recover lost access; it should be undone soon after.') })
        (Join-Table $dana $assign @{ Time = Get-Time '2026-11-02T08:20:05Z'; RoleAssignmentName = 'a1'; RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/a1'
                PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; PrincipalDisplayName = 'Ann Example'; PrincipalSignInName = 'ann@contoso.example'; StateAtExport = 'Active'; State = 'Active'; Source = 'Live'
                CurrentPrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'; CurrentRoleDefinitionId = $owner; CurrentRoleDefinitionName = 'Owner'; LookupScope = '/'; LookupTime = Get-Time '2026-11-22T10:05:00Z' })
        (Join-Table $dana $assign @{ Time = Get-Time '2026-11-02T08:21:40Z'; RoleAssignmentName = 'a2'; RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/a2'; PrincipalId = 'bbbbbbbb-0000-0000-0000-000000000002'
                PrincipalType = 'ServicePrincipal'; PrincipalDisplayName = 'backup-runner'; EndedTime = Get-Time '2026-11-02T17:30:00Z'; EndedBy = $dana.Caller; StateAtExport = 'Removed'; State = 'Removed'; Source = 'Log' })
        (Join-Table $dana $remove @{ Time = Get-Time '2026-11-02T17:30:00Z'; RoleAssignmentName = 'a2'; RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/a2'; PrincipalId = 'bbbbbbbb-0000-0000-0000-000000000002'
                RoleDefinitionId = $owner; RoleDefinitionName = 'Owner'; State = 'Removed'; Source = 'Log' })
        (Join-Table $dana $remove @{ Time = Get-Time '2026-11-02T17:40:00Z'; RoleAssignmentName = 'a0'; RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/a0'; PrincipalId = $dana.CallerObjectId
                RoleDefinitionId = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'; RoleDefinitionName = 'User Access Administrator'; State = 'Removed'; Source = 'Log' })
        (Join-Table $elevate @{ Time = Get-Time '2026-11-10T06:43:12Z'; Caller = '4ae824b6-7411-4db6-8262-8c70c22d1ce6'; CallerObjectId = '4ae824b6-7411-4db6-8262-8c70c22d1ce6'; PrincipalId = '4ae824b6-7411-4db6-8262-8c70c22d1ce6'
                CallerIpAddress = '203.0.113.132'; StoryId = 'story-000000000002'; State = 'Unknown'; StateReason = 'EmptyList'; StateAtExport = 'Active'; Source = 'Live'; LookupScope = '/'; LookupTime = Get-Time '2026-11-22T10:05:00Z' })
        (Join-Table $assign @{ Time = Get-Time '2026-11-10T06:50:00Z'; Caller = '4ae824b6-7411-4db6-8262-8c70c22d1ce6'; CallerIpAddress = '203.0.113.132'; StoryId = 'story-000000000002'; Severity = 'high'; Scope = $group; ScopeKind = 'tenantRootGroup'
                RoleDefinitionId = 'b24988ac-6180-42a0-ab88-20f7382dd24c'; RoleDefinitionName = 'Contributor'; PrincipalId = 'cccccccc-0000-0000-0000-000000000003'; RoleAssignmentName = 'a3'; RoleAssignmentId = "$group/providers/Microsoft.Authorization/roleAssignments/a3"
                State = 'Changed'; StateAtExport = 'Changed'; Source = 'Live'; CurrentPrincipalId = 'dddddddd-0000-0000-0000-000000000004'; CurrentRoleDefinitionId = $owner; CurrentRoleDefinitionName = 'Owner'; LookupScope = $group; LookupTime = Get-Time '2026-11-22T10:05:01Z' })
        (Join-Table $assign @{ Time = Get-Time '2026-11-14T23:02:24Z'; Caller = 'jonas@contoso.example'; CallerIpAddress = '203.0.113.199'; Severity = 'critical'; Outcome = 'Failed'; SelfAssigned = $true; PrincipalId = '6a039984-1eec-48e9-9635-58cbab6ce3ad'; State = 'NotApplied'; Source = 'Log' })
        (@{ Time = Get-Time '2026-11-18T12:00:00Z'; Rule = 'logging-changed'; Severity = 'high'; Title = 'Diagnostic setting changed'; Operation = 'Microsoft.Insights/diagnosticSettings/delete'; Caller = 'ines@contoso.example'; CallerIpAddress = '203.0.113.236'
                Scope = '/subscriptions/99999999-0000-0000-0000-000000000009'; ScopeKind = 'subscription'; ResourceId = '/subscriptions/99999999-0000-0000-0000-000000000009/providers/Microsoft.Insights/diagnosticSettings/to-siem'; Techniques = @('T1562.008'); State = 'NotApplicable' })
        (Join-Table $remove @{ Time = Get-Time '2026-11-19T07:12:01Z'; Severity = 'informational'; Scope = '/providers/Microsoft.Management/managementGroups/contoso-retired'; ScopeKind = 'managementGroup'; RoleDefinitionName = 'Contributor'
                PrincipalId = 'ee93489d-c5ed-4710-8bf9-a9457bb95e2e'; State = 'Removed'; Source = 'Log'; Notes = @('Deleted along with the scope it applied to.') })
    )
    foreach ($one in $all) {
        if ($Plain) { foreach ($name in $joinedNames) { $one.Remove($name) } }
        New-TestFinding $one -Plain:$Plain
    }
}

# What an attacker can name things in a tenant.
function New-Hostile {
    $rtl = [char]0x202E
    $zero = [char]0x200B
    $bell = [char]7
    New-TestFinding @{
        Time = Get-Time '2026-11-05T11:00:00Z'; Rule = 'role-assignment-root'; Severity = 'critical'; Title = 'Role assigned at the root of the tenant'; Operation = 'Microsoft.Authorization/roleAssignments/write'
        Caller = '"><script>window.hostile=1</script><img src=x onerror="window.hostile=2">'; CallerIpAddress = "203.0.113.66' onfocus='window.hostile=3"; Scope = '/'; ScopeKind = 'root'
        RoleDefinitionName = "Reader$rtl`renwO$zero"; RoleDefinitionId = "</td></tr></table></main><script>window.hostile=4</script>"; PrincipalId = 'eeeeeeee-0000-0000-0000-00000000000e'
        PrincipalDisplayName = "</title><svg onload=window.hostile=5>$bell$([char]0x5E9)$([char]0x5DC)$([char]0x5D5)$([char]0x5DD) $([char]0xD83D)$([char]0xDE00) lone $([char]0xD83D) nbsp$([char]0xA0)end"; PrincipalSignInName = "javascript:window.hostile=6"
        RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/<b>x</b>'; RoleAssignmentName = '<b>x</b>'; StoryId = '"><script>window.hostile=7</script>'; State = 'Active'; Source = 'Live'
        StateReason = $null; CurrentPrincipalId = 'eeeeeeee-0000-0000-0000-00000000000e'; Condition = '@Request[x] StringEquals ''</script><script>window.hostile=8</script>'''; LookupScope = '/<i>'; LookupTime = Get-Time '2026-11-22T10:05:00Z'
        SourcePath = '/cases/<script>window.hostile=9</script>/--><!--/tenant.ndjson.gz'; Notes = @('<style>body{display:none}</style>', '<meta http-equiv=refresh content=0;url=http://203.0.113.1/>', '<a href="http://203.0.113.1/">click</a>')
        Techniques = @('<iframe src=http://203.0.113.1/>'); CorrelationId = "{{7*7}}`t`n<!--"; EventDataIds = @('<object data=x>', '&lt;b&gt;')
    }
    New-TestFinding @{
        Time = Get-Time '2026-11-05T11:05:00Z'; Rule = '<script>window.hostile=10</script>'; Severity = 'critical"><script>window.hostile=11</script>'; Title = '<script>window.hostile=12</script>'; Outcome = '<u>'
        Operation = 'Microsoft.Authorization/roleAssignments/write'; Caller = '$(window.hostile=13) ${window.hostile=14} {0} %s'; ScopeKind = '<s>'; Scope = '<scope>'
        StoryId = '"><script>window.hostile=7</script>'; State = '<state>'; StateReason = "LookupFailed: <script>window.hostile=15</script>"; PrincipalDisplayName = ('W' * 400)
    }
}

function Write-Export {
    param([string] $Name, [string] $Manifest)

    $path = [System.IO.Path]::Combine($Folder, $Name)
    $null = [System.IO.Directory]::CreateDirectory($path)
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($path, 'manifest.json'), $Manifest)
    return $path
}

$head = '{"schema":1,"tool":"azdal 0.1.0","started":"2026-11-22T10:00:00Z","finished":"2026-11-22T10:00:09Z","endpoint":"https://management.azure.com",' +
    '"identity":{"tenantId":"11111111-2222-3333-4444-555555555555","objectId":"5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6","name":"responder@contoso.example","appId":"04b07795-8ddb-461a-bbee-02f9e1bf7b46"},'
$since = '2026-08-25T10:00:00Z'
$until = '2026-11-22T10:00:00Z'
$file = '"files":[{"path":"tenant.ndjson.gz","bytes":81225,"sha256":"' + ('a1' * 32) + '","content":{"bytes":934000,"sha256":"' + ('b2' * 32) + '","lines":268}}]'
$window = '{"from":"FROM","to":"TO","events":268,"file":"tenant.ndjson.gz","offset":10,"deflated":81205,"plain":934000,"crc32":"0a1b2c3d","askedAt":"2026-11-22T10:00:01Z","closed":"drained","requestIds":[]}'
$counts = '"firstEvent":"2026-08-25T16:42:23Z","lastEvent":"2026-11-21T23:25:36Z","duplicatesDropped":1,"conflictingIds":0,"outsideRange":0,"requests":3,"retries":0,'
$tenantScope = '{"scope":"tenant","status":"complete","error":null,"settledUntil":"2026-11-22T09:30:00Z","events":268,' + $counts + $file + ',"windows":[' + $window.Replace('FROM', $since).Replace('TO', $until) + ']}'
$whole = Write-Export 'whole' ($head + '"query":{"since":"' + $since + '","until":"' + $until + '","scopes":["tenant"],"clamped":true,"strict":false},"clockSkewSeconds":0,"verdict":"COMPLETE","roleAssignments":null,"scopes":[' + $tenantScope + ']}')
$lacking = Write-Export 'lacking' ($head + '"query":{"since":"' + $since + '","until":"' + $until + '","scopes":["tenant","sub:*"],"clamped":false,"strict":false},"clockSkewSeconds":-120,"verdict":"INCOMPLETE",' +
    '"roleAssignments":{"file":"roleAssignments.ndjson.gz","readAt":"2026-11-22T10:00:08Z","scopes":[{"scope":"/","status":"complete","error":null},{"scope":"/providers/Microsoft.Management/managementGroups/mg-<b>","status":"forbidden","error":{"code":"AuthorizationFailed","message":"no"}}]},"scopes":[' +
    $tenantScope + ',{"scope":"sub:99999999-0000-0000-0000-000000000009","status":"forbidden","error":{"code":"AuthorizationFailed","message":"The client \u003cscript\u003ewindow.hostile=20\u003c/script\u003e does not have authorization to perform action ''microsoft.insights/eventtypes/values/read''."},"settledUntil":null,"events":0,"firstEvent":null,"lastEvent":null,"duplicatesDropped":0,"conflictingIds":0,"outsideRange":0,"requests":1,"retries":0,"files":[],"windows":[]},' +
    '{"scope":"mg:contoso-platform","status":"expired","error":null,"settledUntil":"2026-11-22T09:30:00Z","events":12,' + $counts + '"files":[],"windows":[' + $window.Replace('FROM', '2026-10-01T00:00:00Z').Replace('TO', $until) + ',' + $window.Replace('FROM', $since).Replace('TO', '2026-09-01T00:00:00Z') + ']}]}')

function Get-Place { param([string] $Name) return [System.IO.Path]::Combine($Folder, $Name) }

New-Story | Export-AzDirectoryActivityReport -Path (Get-Place 'whole.html') -ExportPath $whole -Title 'Case 42: Contoso'
$unlogged = [pscustomobject]@{ Reason = 'NotInLog'; Scope = '/'; ScopeKind = 'root'; RoleAssignmentName = 'u1'; RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/u1'
    PrincipalId = 'ffffffff-0000-0000-0000-00000000000f'; PrincipalType = 'User'; PrincipalDisplayName = '<img src=x onerror=window.hostile=30>'; PrincipalSignInName = $null; RoleDefinitionId = $owner; RoleDefinitionName = 'Owner'; CreatedOn = Get-Time '2026-11-01T00:00:00Z' }
$unlogged.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.UnloggedAssignment')
@(New-Story; New-Hostile; $unlogged) |
    Export-AzDirectoryActivityReport -Path (Get-Place 'hostile.html') -ExportPath $lacking -Title 'Case <script>window.hostile=40</script>'
New-Story -Plain | Export-AzDirectoryActivityReport -Path (Get-Place 'plain.html')
@() | Export-AzDirectoryActivityReport -Path (Get-Place 'empty.html') -ExportPath $whole
# Two hundred findings and three stories of ten thousand operations each; of the third, what scan finds is one
# grant that no other finding belongs to.
function New-Activity {
    param([string] $Story, [string] $Holder, [datetime] $Grant, [int] $Kind)

    foreach ($i in 1..$Kind) {
        [pscustomobject]@{
            StoryId = $Story; Depth = 0; Holder = $Holder; HolderName = "holder-$Story@contoso.example"; HolderType = 'User'
            GrantedBy = 'dana@contoso.example'; Via = 'Assignment'; Role = 'Owner'; Scope = '/'; ScopeKind = 'root'; GrantTime = $Grant; EndTime = $null
            Operation = "Contoso.Things/kind$i/delete"; Title = "Delete Thing $i"; Tactic = @('Impact', 'Credential access', 'Other')[$i % 3]; Techniques = @('T1485')
            Count = [long](10000 / $Kind); Succeeded = [long](10000 / $Kind) - 1; Failed = 1; FirstTime = $Grant.AddMinutes(90 * $i); LastTime = $Grant.AddMinutes(90 * $i + 7 * $i)
            ResourceCount = 400; Resources = @(foreach ($k in 1..20) { "/subscriptions/99999999-0000-0000-0000-00000000000$($i % 10)/resourceGroups/rg-$i/providers/Contoso.Things/kind$i/thing-$k" })
            Subscriptions = @('99999999-0000-0000-0000-000000000009'); IpAddresses = @('198.51.100.7', '203.0.113.9'); AppIds = @(); EventDataIds = @(foreach ($k in 1..20) { 'e1000000-0000-0000-{0:D4}-{1:D12}' -f $i, $k }); Notes = @()
        }
    }
}
$ids = @(foreach ($i in 1..3) { 'b{0}000000-0000-0000-0000-00000000000{0}' -f $i })
@(foreach ($i in 0..199) {
        $story = $null
        if ($i -lt 6) { $story = "story-$($i % 2 + 1)" }
        New-TestFinding @{ Time = (Get-Time '2026-10-01T00:00:00Z').AddHours(5 * $i); Rule = 'role-assignment-root'; Severity = @('critical', 'high', 'medium', 'low', 'informational')[$i % 5]; Title = 'Role assigned at the root of the tenant'
            Operation = 'Microsoft.Authorization/roleAssignments/write'; Caller = "user$($i % 40)@contoso.example"; Scope = '/'; ScopeKind = 'root'; RoleDefinitionName = 'Owner'; RoleDefinitionId = $owner; PrincipalId = $(if ($i -eq 6) { $ids[2] } else { 'aaaaaaaa-0000-0000-0000-{0:D12}' -f $i })
            RoleAssignmentId = "/providers/Microsoft.Authorization/roleAssignments/r$i"; State = @('Active', 'Removed')[$i % 2]; StoryId = $story }
    }) + @(New-Activity 'story-1' $ids[0] (Get-Time '2026-10-01T05:00:00Z') 100; New-Activity 'story-2' $ids[1] (Get-Time '2026-10-02T00:00:00Z') 40; New-Activity 'story-3' $ids[2] (Get-Time '2026-10-02T06:00:00Z') 200; New-Activity 'story-4' $ids[0] (Get-Time '2026-10-05T00:00:00Z') 1) |
    Export-AzDirectoryActivityReport -Path (Get-Place 'stories.html') -ExportPath $whole
# One of them that is soon printed.
New-Activity 'story-1' $ids[0] (Get-Time '2026-10-01T05:00:00Z') 4 | Export-AzDirectoryActivityReport -Path (Get-Place 'lists.html') -ExportPath $whole
@(foreach ($i in 1..1000) {
        New-TestFinding @{ Time = (Get-Time '2026-10-01T00:00:00Z').AddMinutes(37 * $i); Rule = 'role-assignment-mg'; Severity = @('critical', 'high', 'medium', 'low', 'informational')[$i % 5]; Title = 'Role assigned at a management group'
            Operation = 'Microsoft.Authorization/roleAssignments/write'; Caller = "user$($i % 40)@contoso.example"; Scope = $group; ScopeKind = 'tenantRootGroup'; RoleDefinitionName = 'Reader'; PrincipalId = 'aaaaaaaa-0000-0000-0000-{0:D12}' -f $i
            RoleAssignmentId = "$group/providers/Microsoft.Authorization/roleAssignments/r$i"; State = @('Active', 'Removed')[$i % 2] }
    }) | Export-AzDirectoryActivityReport -Path (Get-Place 'many.html') -ExportPath $whole
'done'
