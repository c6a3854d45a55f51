# A finding as a sentence: who did what, to whom, where, and what became of it.
function Get-FindingSentence {
    param($InputObject)

    $words = Get-GrantWord $InputObject
    $who = Get-CellText $InputObject 'Caller'
    if (-not $who) { $who = 'somebody' }
    $ip = Get-CellText $InputObject 'CallerIpAddress'
    if ($ip) { $who += " ($ip)" }
    $failed = (Get-CellText $InputObject 'Outcome') -eq 'Failed'
    $gave, $took, $elevated = 'gave', 'took', 'elevated to'
    if ($failed) { $gave, $took, $elevated = 'failed to give', 'failed to take', 'failed to elevate to' }
    $operation = '' + (Get-CellText $InputObject 'Operation')
    $kind = Get-OperationKind $operation
    if ($kind -eq 'Elevation') {
        $text = "$who $elevated User Access Administrator at /"
    } elseif ($kind -eq 'Removal') {
        $text = "$who $took $($words.Role)$($words.At) from $($words.Whom)"
    } elseif ($null -ne $kind) {
        $text = "$who $gave $($words.Role)$($words.At) to $($words.Whom)"
        if ((Get-CellText $InputObject 'SelfAssigned') -eq 'True') { $text += ' (itself)' }
    } else {
        $title = Get-CellText $InputObject 'Title'
        if (-not $title) { $title = $operation }
        $text = "${who}: $title$($words.At)"
        if ($failed) { $text += ' (failed)' }
    }
    $ended = Get-CellText $InputObject 'EndedTime' -Time
    if ($ended) {
        $text += "; removed $ended"
        $by = Get-CellText $InputObject 'EndedBy'
        if ($by) { $text += " by $by" }
    }
    $reason = Get-CellText $InputObject 'StateReason'
    if ($reason) { $text += "; $reason" }
    return $text
}
