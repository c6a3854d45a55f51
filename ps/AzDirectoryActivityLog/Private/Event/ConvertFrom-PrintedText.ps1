# What Az.Monitor's objects print of themselves, lines of "Name : value", as an object again: so Export-Csv and
# Export-Clixml have saved them. Other text comes back as it is.
function ConvertFrom-PrintedText {
    param([string] $Text)

    # Such a text begins with a line break.
    if ($Text.Length -lt 4 -or ($Text[0] -ne "`n" -and $Text[0] -ne "`r")) {
        return $Text
    }
    $made = [ordered]@{}
    $begin = '(?<=\A|\n)([^\s:"{}\[\],]\S*?)[ ]*: '
    foreach ($line in [regex]::Matches($Text, "(?s)$begin(.*?)(?=\r?\n$begin|\z)")) {
        $made[$line.Groups[1].Value] = $line.Groups[2].Value.TrimEnd("`r", "`n")
    }
    if ($made.Count -eq 0) {
        return $Text
    }
    # A name with the text to show, where the value is what counts.
    if ($made.Contains('LocalizedValue') -and $made.Contains('Value')) {
        return $made['Value']
    }
    return $made
}
