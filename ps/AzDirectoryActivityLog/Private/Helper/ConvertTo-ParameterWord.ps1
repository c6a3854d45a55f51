# azdal's advice in PowerShell's words: its options become the parameters of this module.
function ConvertTo-ParameterWord {
    param([AllowNull()] [string] $Text)

    if ([string]::IsNullOrEmpty($Text) -or $Text.IndexOf('--', [System.StringComparison]::Ordinal) -lt 0) {
        return $Text
    }
    foreach ($pair in $script:OptionWord) {
        $Text = [regex]::Replace($Text, $pair[0], $pair[1])
    }
    return $Text
}
