# Whether what a finding or event tells still stands: State, StateReason, Source, the row, and where
# and when it was looked up. See the table of states in about_AzDirectoryActivityLog.
function Resolve-AssignmentState {
    param($Subject, $Store)

    $state = @{ State = 'NotApplicable'; Reason = $null; Source = $null; Row = $null; Scope = $null; Time = $null }
    if ($Subject.Kind -eq 'None') {
        return $state
    }
    if ($Subject.Kind -eq 'Eligible') {
        # Eligible assignments of Privileged Identity Management are not role assignments yet.
        $state.Reason = 'Eligible'
        return $state
    }
    if ($Subject.Outcome -eq 'Failed') {
        $state.State = 'NotApplied'
        $state.Source = 'Log'
        return $state
    }
    # No status: it may have failed or succeeded. What the list has stands all the same.
    $silent = $Subject.Outcome.Length -eq 0
    $started = $Subject.Outcome -ne 'Succeeded'
    if ($silent -and $Subject.Verb -eq 'Delete') {
        $state.State = 'Unknown'
        $state.Reason = 'NoStatus'
        $state.Source = 'Log'
        return $state
    }
    if ($Subject.Verb -eq 'Delete' -or ($started -and -not $silent -and $Subject.Kind -eq 'Elevation')) {
        $state.State = 'Removed'
        if ($started) {
            $state.State = 'Pending'
        }
        $state.Source = 'Log'
        return $state
    }
    if (($silent -or -not $started) -and $null -ne $Subject.Ended -and $Subject.Kind -ne 'PimActive') {
        $state.State = 'Removed'
        $state.Source = 'Log'
        return $state
    }

    $state.State = 'Unknown'
    if ([string]::IsNullOrEmpty($Subject.Scope)) {
        $state.Reason = 'LookupFailed: the event names no scope'
        return $state
    }
    $list = Get-AssignmentList -Store $Store -Scope $Subject.Scope -TenantId $Subject.Base.TenantId -SourcePath $Subject.Base.SourcePath
    $state.Source = $list.Source
    $state.Scope = $list.Scope
    $state.Time = $list.Time
    if ($null -ne $list['Note']) {
        $state.Reason = $list.Note
    }
    $row = Find-AssignmentRow -Subject $Subject -List $list
    if ($null -ne $row) {
        $state.Row = $row
        $state.State = 'Active'
        # What the row does not say is no change: lists are saved with a few columns, and old Az leaves
        # out who it is about where Graph refuses.
        $role = [string]$Subject.Base.RoleDefinitionName
        if ($null -ne $row.Role -and $null -ne $Subject.Role) {
            $other = $row.Role -ne $Subject.Role
        } else {
            $other = $role.Length -gt 0 -and -not [string]::IsNullOrEmpty([string]$row.RoleName) -and $row.RoleName -ne $role
        }
        if ($other -or ($null -ne $Subject.Principal -and $null -ne $row.Principal -and $row.Principal -ne $Subject.Principal)) {
            $state.State = 'Changed'
        } elseif ($null -eq $row.Principal -or ($null -eq $row.Role -and [string]::IsNullOrEmpty([string]$row.RoleName))) {
            $state.Reason = 'NotCompared'
        }
        return $state
    }
    if ($silent) {
        $state.Reason = 'NoStatus'
        return $state
    }
    if ($started) {
        $state.State = 'Pending'
        return $state
    }
    if ($null -ne $list.Reason) {
        if ($list.Source -eq 'Export' -and @('Active', 'Changed', 'Removed') -contains $Subject.Base.StateAtExport) {
            # The export is not at hand any more, but scan has compared them.
            $state.State = [string]$Subject.Base.StateAtExport
            return $state
        }
        $state.Reason = $list.Reason
        return $state
    }
    if ($Subject.Kind -eq 'PimActive') {
        # An activation ends by itself, and its assignment has a name that the request does not tell.
        $state.Reason = 'NotListed'
        return $state
    }
    if ($Subject.Kind -eq 'Elevation' -and $null -eq $Subject.Principal) {
        $state.Reason = 'NoCallerObjectId'
        return $state
    }
    if ($Subject.Kind -eq 'Assignment' -and [string]::IsNullOrEmpty($Subject.Name)) {
        $state.Reason = 'LookupFailed: the event names no role assignment'
        return $state
    }
    if (-not (Test-ListTells -Subject $Subject -List $list)) {
        $state.Reason = 'LookupFailed: the list has rows that do not say which assignment they are'
        return $state
    }
    $state.State = 'Removed'
    return $state
}
