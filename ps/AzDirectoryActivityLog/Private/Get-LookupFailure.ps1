# Why a look-up failed, as a StateReason.
function Get-LookupFailure {
    param($ErrorRecord, [string] $Key)

    $said = $ErrorRecord.Exception.Message
    $status = 0
    for ($cause = $ErrorRecord.Exception; $null -ne $cause; $cause = $cause.InnerException) {
        $code = Get-PropertyValue (Get-PropertyValue $cause 'Response') 'StatusCode'
        if ($null -ne $code -and $status -eq 0) {
            $status = [int]$code
        }
    }
    if ($status -eq 403 -or $said -match 'AuthorizationFailed|Forbidden|does not have authorization') {
        return 'Forbidden'
    }
    $text = 'LookupFailed: ' + [regex]::Replace($said, '[\p{Cc}\p{Cf}\s]+', ' ').Trim()
    if ($Key -eq '/' -and ($status -eq 400 -or $said -match 'Bad ?Request')) {
        $text += ' (listing at / needs Az 9.3 or later)'
    }
    return $text
}
