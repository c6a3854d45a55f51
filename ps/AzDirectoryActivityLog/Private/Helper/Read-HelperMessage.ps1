# One line of the child's standard error: progress, warnings, the request for a token, the error.
function Read-HelperMessage {
    param($Child, $Cmdlet, [string] $Text)

    if (-not $Child.Json) {
        if ($Text.StartsWith('azdal: hint: ', [System.StringComparison]::Ordinal)) {
            $Child.Hint = $Text.Substring(13)
        } elseif ($Text.StartsWith('azdal: warning: ', [System.StringComparison]::Ordinal)) {
            $words = ConvertTo-ParameterWord $Text.Substring(16)
            $Child.Warnings.Add($words)
            $Cmdlet.WriteWarning($words)
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
            $words = ConvertTo-ParameterWord ([string](Get-PropertyValue $message 'message'))
            foreach ($name in $Child.Views) {
                # It is written again as soon as the export is there.
                if ($words.StartsWith($name + ': removed', [System.StringComparison]::Ordinal)) {
                    return
                }
            }
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
