# Adds to a subject's finding what stands today, and gives it as a joined finding.
function Add-AssignmentState {
    param($Subject, $State, $Store)

    $joined = $Subject.Finding
    $properties = $joined.PSObject.Properties
    foreach ($name in $script:JoinedProperty) {
        # No other has that name: asking for it costs more than adding it.
        $properties.Add([psnoteproperty]::new($name, $null), $true)
    }
    $joined.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.JoinedFinding')
    $joined.State = $State.State
    if ($null -eq $Subject.Kind) {
        return $joined
    }
    $joined.StateReason = $State.Reason
    $joined.Source = $State.Source
    $joined.LookupScope = $State.Scope
    $joined.LookupTime = $State.Time
    $row = $State.Row
    $who = $null
    if ($null -eq $Subject.Principal) {
        $who = $row
    } elseif ($Store.Names.ContainsKey($Subject.Principal)) {
        $who = $Store.Names[$Subject.Principal]
    }
    if ($null -ne $who) {
        $joined.PrincipalDisplayName = $who.DisplayName
        $joined.PrincipalSignInName = $who.SignInName
    }
    if ($null -ne $row) {
        $joined.CurrentPrincipalId = $row.Principal
        $joined.CurrentRoleDefinitionId = $row.Role
        $joined.CurrentRoleDefinitionName = $row.RoleName
        $joined.Condition = $row.Condition
        if ([string]::IsNullOrEmpty([string]$joined.RoleDefinitionName) -and $null -ne $Subject.Role -and $row.Role -eq $Subject.Role) {
            $joined.RoleDefinitionName = $row.RoleName
        }
        if ($State.State -eq 'Active' -or $State.State -eq 'Changed') {
            $joined.Remedy = Get-RemedyText -Kind $Subject.Kind -Row $row
        }
    }
    return $joined
}
