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
    $started = $Subject.Outcome -ne 'Succeeded'
    if ($Subject.Verb -eq 'Delete' -or ($started -and $Subject.Kind -eq 'Elevation')) {
        $state.State = 'Removed'
        if ($started) {
            $state.State = 'Pending'
        }
        $state.Source = 'Log'
        return $state
    }
    if (-not $started -and $null -ne $Subject.Ended -and $Subject.Kind -ne 'PimActive') {
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
    $row = Find-AssignmentRow -Subject $Subject -List $list
    if ($null -ne $row) {
        $state.Row = $row
        $state.State = 'Active'
        if (($null -ne $Subject.Principal -and $row.Principal -ne $Subject.Principal) -or
            ($null -ne $Subject.Role -and $row.Role -ne $Subject.Role)) {
            $state.State = 'Changed'
        }
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
