# What the log alone says of the state of a subject: State, Reason, Source. State is null where a list has to
# be asked.
function Get-LoggedState {
    param($Subject)

    $state = @{ State = $null; Reason = $null; Source = $null; Row = $null; Scope = $null; Time = $null }
    if ($script:NoGrant.ContainsKey($Subject.Kind)) {
        $state.State = 'NotApplicable'
        $state.Reason = $script:NoGrant[$Subject.Kind]
        return $state
    }
    # No status: it may have failed or succeeded. What the list has stands all the same.
    $silent = $Subject.Outcome.Length -eq 0
    $done = $Subject.Outcome -eq 'Succeeded'
    if ($Subject.Outcome -eq 'Failed') {
        $state.State = 'NotApplied'
    } elseif ($Subject.Kind -eq 'Removal' -and $silent) {
        $state.State = 'Unknown'
        $state.Reason = 'NoStatus'
    } elseif ($Subject.Kind -eq 'Removal' -and $done) {
        $state.State = 'Removed'
    } elseif ($Subject.Kind -eq 'Removal' -or ($Subject.Kind -eq 'Elevation' -and -not $done -and -not $silent)) {
        $state.State = 'Pending'
    } elseif (($done -or $silent) -and $null -ne $Subject.Ended -and $Subject.Kind -ne 'Activation') {
        $state.State = 'Removed'
    } elseif ($Subject.Scope.Length -eq 0) {
        $state.State = 'Unknown'
        $state.Reason = 'LookupFailed: the event names no scope'
        return $state
    } else {
        return $state
    }
    $state.Source = 'Log'
    return $state
}
