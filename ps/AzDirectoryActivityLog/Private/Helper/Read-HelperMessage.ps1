# One line of the child's standard error: progress, warnings, the request for a token, the error. JSON with
# --progress json, else text.
function Read-HelperMessage {
    param($Child, $Cmdlet, [string] $Text)

    if (-not $Child.Json) {
        Read-HelperText -Child $Child -Cmdlet $Cmdlet -Text $Text
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
