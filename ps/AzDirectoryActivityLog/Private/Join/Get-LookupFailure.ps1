# Why a look-up failed, as a StateReason.
function Get-LookupFailure {
    param($ErrorRecord, [string] $Key)

    $said = $ErrorRecord.Exception.Message
    $status = 0
    for ($cause = $ErrorRecord.Exception; $null -ne $cause; $cause = $cause.InnerException) {
        $code = Get-PropertyValue (Get-PropertyValue $cause 'Response') 'StatusCode'
        # A number, a name of one, or something else that another version of Az has there.
        $code = $code -as [System.Net.HttpStatusCode]
        if ($null -ne $code -and $status -eq 0) {
            $status = [int]$code
        }
    }
    if ($status -eq 403 -or [regex]::IsMatch($said, 'AuthorizationFailed|Forbidden|does not have authorization', $script:AnyCase)) {
        return 'Forbidden'
    }
    $text = 'LookupFailed: ' + [regex]::Replace($said, '[\p{Cc}\p{Cf}\s]+', ' ').Trim()
    if ($Key -eq '/' -and ($status -eq 400 -or [regex]::IsMatch($said, 'Bad ?Request', $script:AnyCase))) {
        $text += ' (listing at / needs Az 9.3 or later)'
    }
    return $text
}
