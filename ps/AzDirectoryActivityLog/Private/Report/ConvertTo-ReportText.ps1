# A value as HTML in which nothing acts: markup is escaped, and characters that are invisible or that turn the
# direction of text are shown by their code point. A list has a line for each item; times and numbers are written
# in the format of the slot. Plain: for attributes and titles, where no element can stand.
function ConvertTo-ReportText {
    param([AllowNull()] $Value, [string] $Format, [switch] $Plain)

    if ($Value -is [System.Collections.IList]) {
        $lines = @(foreach ($one in $Value) { ConvertTo-ReportText ([string]$one) -Plain:$Plain })
        if ($Plain) { return [string]::Join(' ', $lines) }
        return [string]::Join('<br>', $lines)
    }
    $text = [string]$Value
    if ($Value -is [datetime]) {
        $text = ConvertTo-ReportTime $Value -Full:($Format -eq 'full')
    } elseif ($Format.Contains('|')) {
        $noun = $Format.Split([char]'|')
        $text = ConvertTo-ReportCount $Value $noun[0] $noun[1]
    } elseif ($Format.Length -gt 0 -and $Value -is [System.IFormattable]) {
        $text = $Value.ToString($Format, [System.Globalization.CultureInfo]::InvariantCulture)
    }
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
