# The row of a list that no event explains, as an object. Reason: BeforeWindow (made before the log begins), AfterWindow
# (made after it ends), NotInLog (made in between, without an event) or AgeUnknown (nothing tells when it was made).
function New-UnloggedAssignment {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.UnloggedAssignment')]
    param($Row, $Logs, $List, [string] $TenantId, $Store)

    $created = $Row.CreatedOn
    $by = $Row.CreatedBy
    $made = $Logs.Made[$Row.ScopeKey + '|' + $Row.Name.ToLowerInvariant()]
    if ($null -eq $created -and $null -ne $made) {
        $created = $made.CreatedOn
        $by = $made.CreatedBy
    }
    $reason = 'AgeUnknown'
    if ($null -ne $created -and $null -ne $Logs.Since) {
        $reason = 'NotInLog'
        if ($created -lt $Logs.Since) {
            $reason = 'BeforeWindow'
        } elseif ($null -ne $Logs.Until -and $created -ge $Logs.Until) {
            $reason = 'AfterWindow'
        }
    }
    $who = $Row
    if ($null -ne $Row.Principal -and [string]::IsNullOrEmpty([string]$Row.DisplayName) -and $Store.Names.ContainsKey($Row.Principal)) {
        $who = $Store.Names[$Row.Principal]
    }
    $role = $Row.RoleName
    if ([string]::IsNullOrEmpty([string]$role) -and $null -ne $Row.Role -and $script:BuiltInRole.ContainsKey($Row.Role)) {
        $role = $script:BuiltInRole[$Row.Role]
    }
    $result = [pscustomobject]@{
        Reason               = $reason
        Scope                = $Row.Scope
        ScopeKind            = Get-AssignmentScopeKind $Row.Scope $TenantId
        RoleAssignmentName   = $Row.Name
        RoleAssignmentId     = $Row.Id
        PrincipalId          = $Row.Principal
        PrincipalType        = $Row.ObjectType
        PrincipalDisplayName = $who.DisplayName
        PrincipalSignInName  = $who.SignInName
        RoleDefinitionId     = $Row.Role
        RoleDefinitionName   = $role
        Condition            = $Row.Condition
        CreatedOn            = $created
        CreatedBy            = $by
        TenantId             = $TenantId
        Source               = $List.Source
        LookupScope          = $List.Scope
        LookupTime           = $List.Time
        Remedy               = Get-RemedyText -Kind 'Assignment' -Row $Row
    }
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.UnloggedAssignment')
    return $result
}
