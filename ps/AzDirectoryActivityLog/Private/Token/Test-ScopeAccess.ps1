# Whether the log of one scope can be read: asks for the newest event of the last hour.
function Test-ScopeAccess {
    param([string] $Helper, [string] $Scope, $Token, $Cmdlet)

    $words = @('acquire', '--stdout', '--newest', '1', '--since', '1h', '--progress', 'json', '--quiet', '--scope', $Scope)
    $child = @{}
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument ($words + $Token.Arguments) -Cmdlet $Cmdlet -Token $Token -Json -LogLevel None
        while ($null -ne (Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            continue
        }
        $exit = Wait-HelperExit -Child $child
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
    }
    $reason = $null
    $message = $null
    if ($exit -ne 0) {
        $record = New-ExitError -Child $child -ExitCode $exit -Target $Scope
        $reason = $record.FullyQualifiedErrorId
        $message = $child.Error
        if (([string]$message).IndexOf('InvalidAuthenticationTokenTenant', [System.StringComparison]::OrdinalIgnoreCase) -ge 0) {
            $reason = 'WrongTenant'
        } elseif ($reason -eq 'NotAuthorised' -and -not [regex]::IsMatch([string]$message, '\b403\b|AuthorizationFailed', $script:AnyCase)) {
            # 401, or a token that azdal did not even send: who asks is not known, let alone allowed.
            $reason = 'NotSignedIn'
        }
    }
    return [pscustomobject]@{
        PSTypeName = 'AzDirectoryActivityLog.ScopeAccess'
        Scope      = $Scope
        HasAccess  = $exit -eq 0
        Reason     = $reason
        Message    = $message
        Hint       = $child.Hint
    }
}
