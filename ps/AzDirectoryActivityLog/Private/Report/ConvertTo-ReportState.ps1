# Whether what a finding tells still stands, in words: Label (a few), Detail (a sentence, or null),
# Class (the style of the label).
function ConvertTo-ReportState {
    param($Finding)

    $state = @{ Label = 'Not looked up'; Detail = $null; Class = 'quiet' }
    switch ($Finding.State) {
        'Active' { $state.Label = 'Still stands'; $state.Class = 'stands' }
        'Changed' {
            $state.Label = 'Stands, changed'
            $state.Class = 'stands'
            $state.Detail = 'The assignment of this name now gives another role or is another principal''s.'
        }
        'Removed' { $state.Label = 'Removed'; $state.Class = 'ended' }
        'NotApplied' { $state.Label = 'Not applied'; $state.Class = 'ended'; $state.Detail = 'The operation did not succeed.' }
        'Pending' { $state.Label = 'Pending'; $state.Class = 'doubt'; $state.Detail = 'The log has only its start: how it ended is not known.' }
        'NotApplicable' { $state.Label = 'Not a role'; $state.Detail = 'There is no role assignment to look up.' }
        'Unknown' { $state.Label = 'Unknown'; $state.Class = 'doubt' }
        '' { }
        default { $state.Label = $Finding.State }
    }
    if (-not $Finding.Joined) {
        if ($Finding.Stands) {
            $state.Label = 'Stood at export'
        } elseif ($Finding.State.Length -eq 0) {
            if ($Finding.Failed) {
                $state.Label = 'Not applied'
                $state.Class = 'ended'
            } elseif ($null -ne $Finding.Ended) {
                $state.Label = 'Removed'
                $state.Class = 'ended'
            } elseif ($Finding.Kind -eq 'other' -or $Finding.Kind -eq 'removal') {
                $state.Label = ''
            }
        }
    }
    $reason = [string]$Finding.Value['StateReason']
    if ($reason.Length -gt 0) {
        $state.Detail = $reason
        if ($script:ReportReason.ContainsKey($reason)) {
            $state.Detail = $reason + ': ' + $script:ReportReason[$reason]
        }
        if ($reason -eq 'Eligible') {
            $state.Label = 'Eligible'
        }
    }
    return $state
}
