# A token as ASCII bytes, for the child's input stream; the caller clears them after use. From
# Az.Accounts 5 on Get-AzAccessToken gives a SecureString, before it gave text: both are taken. Ends
# with NotSignedIn when there is none; a lenient source gets its Problem, and the result is null.
function Get-TokenByte {
    param($Source, $Cmdlet)

    $token = $Source.AccessToken
    if ($Source.Kind -eq 'Az') {
        $with = @{ ResourceUrl = $Source.ResourceUrl; ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue' }
        $command = Get-Command -Name Get-AzAccessToken -ErrorAction Ignore
        if ($null -ne $command -and $null -ne $Source.DefaultProfile -and
            $command.Parameters.ContainsKey('DefaultProfile')) {
            $with.DefaultProfile = $Source.DefaultProfile
        }
        try {
            $token = Get-PropertyValue (Get-AzAccessToken @with) 'Token'
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            $Source.Problem = New-HelperError -Id NotSignedIn -InnerException $_.Exception -Message (
                "Get-AzAccessToken: $($_.Exception.Message)") -Hint 'run Connect-AzAccount' -Target $Source.ResourceUrl
        }
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
