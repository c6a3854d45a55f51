# An assignment that no event explains, as a sentence.
function Get-UnloggedSentence {
    param($InputObject)

    $words = Get-GrantWord $InputObject
    $text = "$($words.Whom) has $($words.Role)$($words.At), which no event explains"
    $reason = Get-CellText $InputObject 'Reason'
    if ($reason -and $script:UnloggedReason.ContainsKey($reason)) { $text += ': ' + $script:UnloggedReason[$reason] }
    $by = Get-CellText $InputObject 'CreatedBy'
    if ($by) { $text += "; made by $by" }
    return $text
}
