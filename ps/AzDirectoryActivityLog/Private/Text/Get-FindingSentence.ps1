# A finding as a sentence: who did what, to whom, where, and what became of it.
function Get-FindingSentence {
    param($InputObject)

    $words = Get-GrantWord $InputObject
    $who = Get-CellText $InputObject 'Caller'
    if (-not $who) { $who = 'somebody' }
    $ip = Get-CellText $InputObject 'CallerIpAddress'
    if ($ip) { $who += " ($ip)" }
    $failed = (Get-CellText $InputObject 'Outcome') -eq 'Failed'
    $kind = Get-OperationKind $InputObject
    if ($kind -eq 'Elevation') {
        $text = "$who $(if ($failed) { 'failed to elevate' } else { 'elevated' }) to User Access Administrator at /"
    } elseif ($null -ne $kind) {
        $verb = $script:GrantVerb[$kind]
        if ((Get-PropertyValue $InputObject 'Notes') -contains $script:UnknownRequest) { $verb = $script:GrantVerb['Request'] }
        $text = "$who $($verb[[int]$failed]) $($words.Role)$($words.At) $($verb[2]) $($words.Whom)"
        if ($kind -ne 'Removal' -and (Get-CellText $InputObject 'SelfAssigned') -eq 'True') { $text += ' (itself)' }
    } else {
        $title = Get-CellText $InputObject 'Title'
        if (-not $title) { $title = '' + (Get-CellText $InputObject 'Operation') }
        $text = "${who}: $title$($words.At)"
        if ($failed) { $text += ' (failed)' }
    }
    if (-not $failed -and (Get-CellText $InputObject 'Outcome') -ne 'Succeeded') { $text += '; outcome not known' }
    $ended = Get-CellText $InputObject 'EndedTime' -Time
    if ($ended) {
        $text += "; $(if ($kind -eq 'Activation' -or $kind -eq 'Eligibility') { 'ended' } else { 'removed' }) $ended"
        $by = Get-CellText $InputObject 'EndedBy'
        if ($by) { $text += " by $by" }
    }
    $reason = Get-CellText $InputObject 'StateReason'
    if ($reason) { $text += "; $reason" }
    return $text
}
