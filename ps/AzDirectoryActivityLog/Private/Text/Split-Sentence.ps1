# A sentence for the cell of a table. Where PowerShell would break it in the middle of an id, which it
# does in most languages, it is broken between words here.
function Split-Sentence {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Text)

    if ($script:WordWrap -contains [System.Globalization.CultureInfo]::CurrentCulture.TwoLetterISOLanguageName) {
        return $Text
    }
    $lines = [System.Text.StringBuilder]::new()
    $used = 0
    foreach ($word in $Text.Split(' ')) {
        if ($used -gt 0 -and $used + 1 + $word.Length -gt $script:SentenceWidth) {
            $null = $lines.Append([System.Environment]::NewLine)
            $used = 0
        } elseif ($used -gt 0) {
            $null = $lines.Append(' ')
            $used++
        }
        $null = $lines.Append($word)
        $used += $word.Length
    }
    return $lines.ToString()
}
