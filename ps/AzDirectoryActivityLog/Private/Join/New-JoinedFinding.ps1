# A finding with what stands today. The object that came in is not touched.
function New-JoinedFinding {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.JoinedFinding')]
    param($Subject, $State, $Store)

    $joined = [ordered]@{}
    foreach ($entry in $Subject.Base.GetEnumerator()) {
        $joined[$entry.Key] = $entry.Value
    }
    $row = $State.Row
    $who = $null
    if ($null -ne $Subject.Principal -and $Store.Names.ContainsKey($Subject.Principal)) {
        $who = $Store.Names[$Subject.Principal]
    } elseif ($null -eq $Subject.Principal -and $null -ne $row) {
        $who = $row
    }
    if ($null -ne $row -and [string]::IsNullOrEmpty([string]$joined.RoleDefinitionName) -and $null -ne $Subject.Role -and
        $row.Role -eq $Subject.Role) {
        $joined.RoleDefinitionName = $row.RoleName
    }
    $joined.State = $State.State
    $joined.StateReason = $State.Reason
    $joined.Source = $State.Source
    $joined.PrincipalDisplayName = $null
    $joined.PrincipalSignInName = $null
    if ($null -ne $who) {
        $joined.PrincipalDisplayName = $who.DisplayName
        $joined.PrincipalSignInName = $who.SignInName
    }
    $joined.CurrentPrincipalId = $null
    $joined.CurrentRoleDefinitionId = $null
    $joined.CurrentRoleDefinitionName = $null
    $joined.Condition = $null
    if ($null -ne $row) {
        $joined.CurrentPrincipalId = $row.Principal
        $joined.CurrentRoleDefinitionId = $row.Role
        $joined.CurrentRoleDefinitionName = $row.RoleName
        $joined.Condition = $row.Condition
    }
    $joined.LookupScope = $State.Scope
    $joined.LookupTime = $State.Time
    $joined.Remedy = $null
    if ($State.State -eq 'Active' -or $State.State -eq 'Changed') {
        $joined.Remedy = Get-RemedyText -Kind $Subject.Kind -Row $row
    }
    $result = [pscustomobject]$joined
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.JoinedFinding')
    return $result
}
