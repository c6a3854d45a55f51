# The assignments at the root scope, the tenant root group and the groups looked up that the log does
# not explain. Reason: BeforeWindow (made before the log begins), NotInLog (made since, without an
# event) or AgeUnknown (nothing tells when it was made).
function Get-UnloggedAssignment {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.UnloggedAssignment')]
    param($Store, $Explained)

    $group = '/providers/Microsoft.Management/managementGroups/'
    $tenants = @($Explained.Tenants.Values)
    if ($tenants.Count -eq 0) {
        $tenants = @($Store.TenantId)
    }
    $scopes = [ordered]@{ '/' = '/' }
    foreach ($tenant in $tenants) {
        if (-not [string]::IsNullOrEmpty($tenant)) {
            $scopes[(Get-ScopeKey ($group + $tenant))] = $group + $tenant
        }
    }
    foreach ($key in $Explained.Scopes.Keys) {
        if ((Get-ScopeKind $key) -eq 'managementGroup' -and -not $scopes.Contains($key)) {
            $scopes[$key] = $Explained.Scopes[$key]
        }
    }
    # When assignments were made and when the log begins is known to the exports that findings came from.
    $since = $null
    $made = @{}
    $source = $null
    foreach ($path in $Explained.Sources.Keys) {
        $context = Get-ExportContext -Store $Store -SourcePath $path
        if ($null -eq $context) {
            continue
        }
        if ($null -eq $source) {
            $source = $path
        }
        if ($null -ne $context.Since -and ($null -eq $since -or $context.Since -gt $since)) {
            $since = $context.Since
        }
        foreach ($row in $context.Rows) {
            $made[$row.ScopeKey + '|' + $row.Name.ToLowerInvariant()] = $row
        }
    }
    $seen = @{}
    foreach ($tenant in $tenants) {
        foreach ($key in $scopes.Keys) {
            $list = Get-AssignmentList -Store $Store -Scope $scopes[$key] -TenantId $tenant -SourcePath $source
            foreach ($row in $list.Rows) {
                $name = $key + '|' + $row.Name.ToLowerInvariant()
                if ($row.ScopeKey -ne $key -or $seen.ContainsKey($name) -or $Explained.Names.ContainsKey($name)) {
                    continue
                }
                $seen[$name] = $true
                $holder = $key + '|' + $row.Role + '|'
                if (($null -ne $row.Principal -and $Explained.Holders.ContainsKey($holder + $row.Principal)) -or
                    (-not [string]::IsNullOrEmpty([string]$row.SignInName) -and
                        $Explained.Holders.ContainsKey($holder + ([string]$row.SignInName).ToLowerInvariant()))) {
                    continue
                }
                $created = $row.CreatedOn
                $by = $row.CreatedBy
                if ($null -eq $created -and $made.ContainsKey($name)) {
                    $created = $made[$name].CreatedOn
                    $by = $made[$name].CreatedBy
                }
                $reason = 'AgeUnknown'
                if ($null -ne $created -and $null -ne $since) {
                    $reason = 'NotInLog'
                    if ($created -lt $since) {
                        $reason = 'BeforeWindow'
                    }
                }
                $display = $row.DisplayName
                $signIn = $row.SignInName
                if ($null -ne $row.Principal -and [string]::IsNullOrEmpty([string]$display) -and $Store.Names.ContainsKey($row.Principal)) {
                    $display = $Store.Names[$row.Principal].DisplayName
                    $signIn = $Store.Names[$row.Principal].SignInName
                }
                $role = $row.RoleName
                if ([string]::IsNullOrEmpty([string]$role) -and $null -ne $row.Role -and $script:BuiltInRole.ContainsKey($row.Role)) {
                    $role = $script:BuiltInRole[$row.Role]
                }
                $unlogged = [pscustomobject]@{
                    Reason               = $reason
                    Scope                = $row.Scope
                    ScopeKind            = Get-ScopeKind $row.Scope $tenant
                    RoleAssignmentName   = $row.Name
                    RoleAssignmentId     = $row.Id
                    PrincipalId          = $row.Principal
                    PrincipalType        = $row.ObjectType
                    PrincipalDisplayName = $display
                    PrincipalSignInName  = $signIn
                    RoleDefinitionId     = $row.Role
                    RoleDefinitionName   = $role
                    Condition            = $row.Condition
                    CreatedOn            = $created
                    CreatedBy            = $by
                    TenantId             = $tenant
                    Source               = $list.Source
                    LookupScope          = $list.Scope
                    LookupTime           = $list.Time
                    Remedy               = Get-RemedyText -Kind 'Assignment' -Row $row
                }
                $unlogged.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.UnloggedAssignment')
                $unlogged
            }
        }
    }
}
