# One line of the child's standard error: progress, warnings, the request for a token, the error.
function Read-HelperMessage {
    param($Child, $Cmdlet, [string] $Text)

    if (-not $Child.Json) {
        if ($Text.StartsWith('azdal: hint: ', [System.StringComparison]::Ordinal)) {
            $Child.Hint = $Text.Substring(13)
        } elseif ($Text.StartsWith('azdal: warning: ', [System.StringComparison]::Ordinal)) {
            $Child.Warnings.Add($Text.Substring(16))
            $Cmdlet.WriteWarning($Text.Substring(16))
        } elseif ($Text.StartsWith('azdal: note: ', [System.StringComparison]::Ordinal)) {
            $Cmdlet.WriteVerbose($Text.Substring(13))
        } elseif ($Text.StartsWith('azdal: ', [System.StringComparison]::Ordinal)) {
            $Child.Error = $Text.Substring(7)
        } elseif ($Text.Length -gt 0) {
            # Not a line of azdal's own: a crash report, or the loader that misses a library.
            $Child.Error = $Text
        }
        return
    }
    $message = $null
    try {
        $message = ConvertFrom-JsonText -Text $Text
    } catch {
        $Child.Error = $Text
        return
    }
    switch ([string](Get-PropertyValue $message 'event')) {
        'progress' {
            if ($Child.LogLevel -ne 'None' -and $Child.LogLevel -ne 'Minimal') {
                Write-HelperProgress -Child $Child -Cmdlet $Cmdlet -Message $message
            }
        }
        'warning' {
            $words = [string](Get-PropertyValue $message 'message')
            $Child.Warnings.Add($words)
            if ($Child.LogLevel -ne 'None' -and $Child.LogLevel -ne 'Minimal') {
                $Cmdlet.WriteWarning($words)
            }
        }
        'note' {
            $Cmdlet.WriteVerbose([string](Get-PropertyValue $message 'message'))
        }
        'token-needed' {
            Send-HelperToken -Child $Child -Cmdlet $Cmdlet -Reason ([string](Get-PropertyValue $message 'reason'))
        }
        'error' {
            $Child.Error = [string](Get-PropertyValue $message 'message')
            $Child.Hint = Get-PropertyValue $message 'hint'
        }
        'done' {
            $Child.Done = $message
        }
    }
}
