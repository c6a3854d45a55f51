# Why a look-up failed, as a StateReason. Microsoft Graph, which Az asks for the names of principals, refuses
# for reasons of its own: that is told from a missing right in Azure.
function Get-LookupFailure {
    param($ErrorRecord, [string] $Key)

    $all = Get-FailureText $ErrorRecord
    if ([regex]::IsMatch($all, 'Authorization_RequestDenied|Insufficient privileges to complete|graph\.(microsoft|windows)', $script:AnyCase)) {
        return 'GraphForbidden'
    }
    if ([regex]::IsMatch($all, 'HTTP 403|AuthorizationFailed|Forbidden|does not have authorization', $script:AnyCase)) {
        return 'Forbidden'
    }
    $text = 'LookupFailed: ' + [regex]::Replace($ErrorRecord.Exception.Message, '[\p{Cc}\p{Cf}\s]+', ' ').Trim()
    if ($Key -eq '/' -and [regex]::IsMatch($all, 'HTTP 400|Bad ?Request', $script:AnyCase)) {
        $text += ' (listing at / needs Az 9.3 or later)'
    }
    return $text
}
