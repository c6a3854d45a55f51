# A text for the cell of a table or list, which may have several lines and begins behind Indent columns. Words that are wider than the cell are broken at a
# slash; and where PowerShell would break lines in the middle of an id, which it does in most languages, they are
# broken between words here.
function Split-Sentence {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Text, [int] $Indent = $script:SentenceIndent)

    $width = Get-SentenceWidth -Indent $Indent
    $wraps = $script:WordWrap -contains [System.Globalization.CultureInfo]::CurrentCulture.TwoLetterISOLanguageName
    $lines = [System.Collections.Generic.List[string]]::new()
    foreach ($part in $Text.Split("`n")) {
        $line = ''
        foreach ($word in $part.TrimEnd("`r").Split(' ')) {
            if ($line.Length -gt 0 -and -not $wraps -and $line.Length + 1 + $word.Length -gt $width) {
                $lines.Add($line)
                $line = ''
            }
            while ($word.Length -gt $width) {
                $cut = $word.LastIndexOf([char]'/', $width - 1) + 1
                if ($cut -lt 2) { $cut = $width }
                $lines.Add(($line + ' ' + $word.Substring(0, $cut)).TrimStart())
                $line = ''
                $word = $word.Substring($cut)
            }
            $line = ($line + ' ' + $word).TrimStart()
        }
        $lines.Add($line)
    }
    return [string]::Join([System.Environment]::NewLine, $lines)
}
