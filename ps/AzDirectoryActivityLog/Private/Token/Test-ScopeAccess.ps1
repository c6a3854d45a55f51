# Whether the log of one scope can be read: asks for its newest event of the last month. A log without
# any event is no proof, because an account without the right is answered the same way; then azdal looks
# the right up among the account's permissions, as it does for every scope of an export (rightShown).
function Test-ScopeAccess {
    param([string] $Helper, [string] $Scope, $Token, $Cmdlet)

    $words = @('acquire', '--stdout', '--newest', '1', '--since', '30d', '--progress', 'json', '--quiet', '--scope', $Scope)
    $answer = Invoke-AccessQuestion -Helper $Helper -Argument ($words + $Token.Arguments) -Token $Token -Cmdlet $Cmdlet
    $shown = $null
    if ($answer.Status -eq 0 -and $answer.Lines -gt 0) {
        $shown = $true
    } elseif ($answer.Status -eq 0) {
        $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'azdal-access-' + [guid]::NewGuid().ToString('N'))
        try {
            $words = @('acquire', '--since', '1h', '--progress', 'json', '--quiet', '--scope', $Scope)
            $answer = Invoke-AccessQuestion -Helper $Helper -Argument ($words + $Token.Arguments + '--' + $folder) -Token $Token -Cmdlet $Cmdlet
            if ($answer.Status -eq 0) {
                foreach ($one in @(Get-PropertyValue (Read-Manifest -Folder $folder) 'scopes')) {
                    $shown = Get-PropertyValue $one 'rightShown'
                    if ([long](Get-PropertyValue $one 'events') -gt 0) {
                        $shown = $true
                    }
                }
            }
        } finally {
            if ([System.IO.Directory]::Exists($folder)) {
                [System.IO.Directory]::Delete($folder, $true)
            }
        }
    }
    $reason = $null
    $message = $null
    if ($answer.Status -ne 0) {
        $record = New-ExitError -Child $answer.Child -ExitCode $answer.Status -Target $Scope
        $reason = $record.FullyQualifiedErrorId
        $message = ConvertTo-ParameterWord $answer.Child.Error
        if (([string]$message).IndexOf('InvalidAuthenticationTokenTenant', [System.StringComparison]::OrdinalIgnoreCase) -ge 0) {
            $reason = 'WrongTenant'
        } elseif ([regex]::IsMatch([string]$message, 'EmptyWithoutRight', $script:AnyCase)) {
            $reason = 'NotAuthorised'
        } elseif ($reason -eq 'NotAuthorised' -and -not [regex]::IsMatch([string]$message, '\b403\b|AuthorizationFailed', $script:AnyCase)) {
            # 401, or a token that azdal did not even send: who asks is not known, let alone allowed.
            $reason = 'NotSignedIn'
        }
    } elseif ($shown -eq $false) {
        $reason = 'NotAuthorised'
        $message = "${Scope}: the log answered without any event, and the account's permissions do not include the right to read it"
    } elseif ($null -eq $shown) {
        $reason = 'NotShown'
        $message = "${Scope}: the log answered without any event, which is also what an account without the right gets, and whether the account has the right could not be determined"
    }
    return [pscustomobject]@{
        PSTypeName = 'AzDirectoryActivityLog.ScopeAccess'
        Scope      = $Scope
        HasAccess  = $null -eq $reason
        RightShown = $shown
        Reason     = $reason
        Message    = $message
        Hint       = ConvertTo-ParameterWord $answer.Child.Hint
    }
}
