# A token as ASCII bytes, for the child's input stream; the caller clears them after use. From
# Az.Accounts 5 on Get-AzAccessToken gives a SecureString, before it gave text: both are taken. Ends
# with NotSignedIn when there is none; a lenient source gets its Problem, and the result is null.
function Get-TokenByte {
    param($Source, $Cmdlet)

    $token = $Source.AccessToken
    if ($Source.Kind -eq 'Az') {
        $token = Get-AzToken -Source $Source
        if ($null -ne $Source.Problem) {
            if ($Source.Lenient) {
                return $null
            }
            $Cmdlet.ThrowTerminatingError($Source.Problem)
        }
    }
    if ($token -is [System.Security.SecureString]) {
        $secret = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($token)
        $chars = [char[]]::new($token.Length)
        try {
            [System.Runtime.InteropServices.Marshal]::Copy($secret, $chars, 0, $chars.Length)
            $bytes = [System.Text.Encoding]::ASCII.GetBytes($chars)
        } finally {
            [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($secret)
            [array]::Clear($chars, 0, $chars.Length)
        }
    } else {
        $bytes = [System.Text.Encoding]::ASCII.GetBytes([string]$token)
    }
    # As people copy it from a header.
    if ($bytes.Length -gt 7 -and [System.Text.Encoding]::ASCII.GetString($bytes, 0, 7) -eq 'Bearer ') {
        $bare = [byte[]]::new($bytes.Length - 7)
        [System.Array]::Copy($bytes, 7, $bare, 0, $bare.Length)
        [array]::Clear($bytes, 0, $bytes.Length)
        $bytes = $bare
    }
    if ($bytes.Length -eq 0) {
        $Source.Problem = New-HelperError -Id NotSignedIn -Message 'the token is empty' -Target $Source.Kind -Hint (
            'run Connect-AzAccount, or give another -AccessToken')
        if ($Source.Lenient) {
            return $null
        }
        $Cmdlet.ThrowTerminatingError($Source.Problem)
    }
    return , $bytes
}
