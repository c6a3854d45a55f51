# A line of standard error of a child that writes text: "azdal: ...", with what it is in front.
function Read-HelperText {
    param($Child, $Cmdlet, [string] $Text)

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
}
