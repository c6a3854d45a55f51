# A value as HTML text in which nothing acts: markup is escaped, and characters that are invisible or
# that turn the direction of text are shown by their code point. Plain: for attributes and the title,
# where no element can stand.
function ConvertTo-ReportText {
    param([AllowNull()] $Value, [switch] $Plain)

    $text = [string]$Value
    if ($script:ReportSafe.IsMatch($text)) {
        return $text
    }
    $out = [System.Text.StringBuilder]::new()
    $foreign = $false
    for ($i = 0; $i -lt $text.Length; $i++) {
        $code = [int]$text[$i]
        $shown = $text.Substring($i, 1)
        $kind = [System.Globalization.CharUnicodeInfo]::GetUnicodeCategory($text, $i)
        if ([char]::IsHighSurrogate($text[$i]) -and $i + 1 -lt $text.Length -and [char]::IsLowSurrogate($text[$i + 1])) {
            $code = [char]::ConvertToUtf32($text[$i], $text[$i + 1])
            $shown = $text.Substring($i, 2)
            $i++
        }
        if ($script:ReportHidden -contains $kind -or $script:ReportBlank.Contains($code)) {
            $name = 'U+' + $code.ToString('X4', [System.Globalization.CultureInfo]::InvariantCulture)
            if ($Plain) {
                $null = $out.Append('[').Append($name).Append(']')
            } else {
                $null = $out.Append('<span class="hidden-char">').Append($name).Append('</span>')
            }
            continue
        }
        if ($code -ge 128) {
            $foreign = $true
        }
        $null = $out.Append([System.Net.WebUtility]::HtmlEncode($shown))
    }
    $html = $out.ToString()
    if ($foreign -and -not $Plain) {
        # Letters that run from right to left stay within their own value.
        $html = '<bdi>' + $html + '</bdi>'
    }
    return $html
}
