# Text that is what it looks like: printable ASCII without what HTML reads as markup.
$script:ReportSafe = [regex]::new('^[ !#-%(-;=?-~]*\z')
# Kinds of characters that cannot be seen, or that change how others are shown.
$script:ReportHidden = [System.Globalization.UnicodeCategory[]]@('Control', 'Format', 'Surrogate', 'LineSeparator', 'ParagraphSeparator')
# Letters and spaces that look like nothing, or like a plain space.
$script:ReportBlank = [System.Collections.Generic.HashSet[int]]::new([int[]]@(
        0xA0, 0x34F, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2000, 0x2001, 0x2002, 0x2003
        0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F, 0x205F, 0x2800, 0x3164, 0xFFA0
    ))

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
