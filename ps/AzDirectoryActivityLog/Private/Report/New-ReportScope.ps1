# One scope of an export: what was read of it, and what is missing and why, in words.
function New-ReportScope {
    param($Scope, $Export)

    $status = [string](Get-PropertyValue $Scope 'status')
    $fault = Get-PropertyValue $Scope 'error'
    $one = @{
        Name = ConvertTo-ReportScope (Get-PropertyValue $Scope 'scope')
        Complete = $status -eq 'complete'; Events = [long](Get-PropertyValue $Scope 'events')
        First = ConvertTo-UtcTime (Get-PropertyValue $Scope 'firstEvent'); Last = ConvertTo-UtcTime (Get-PropertyValue $Scope 'lastEvent')
        Settled = ConvertTo-UtcTime (Get-PropertyValue $Scope 'settledUntil'); Words = $status; Said = $null
        Gaps = @(Get-ReportGap -Scope $Scope -Since $Export.Since -Until $Export.Until); Lacks = $false
    }
    switch ($status) {
        'complete' { $one.Words = 'Read in full' }
        'forbidden' { $one.Words = 'Not allowed to read' }
        'failed' { $one.Words = 'Could not be read' }
        'expired' { $one.Words = 'Partly older than Azure keeps' }
    }
    if ($one.Complete -and $one.Gaps.Count -gt 0) {
        $one.Words = 'Stretches are missing'
    }
    $one.Lacks = -not $one.Complete -or $one.Gaps.Count -gt 0
    $code = [string](Get-PropertyValue $fault 'code')
    $message = [string](Get-PropertyValue $fault 'message')
    if ($code.Length -gt 0 -and $message.Length -gt 0) {
        $one.Said = $code + ': ' + $message
    } elseif ($code.Length + $message.Length -gt 0) {
        $one.Said = $code + $message
    }
    return $one
}
