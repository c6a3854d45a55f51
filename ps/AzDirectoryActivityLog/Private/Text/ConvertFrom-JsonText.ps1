# One JSON document as an object. Times stay text where ConvertFrom-Json can be told so; elsewhere
# ConvertTo-UtcTime takes both. Throws what ConvertFrom-Json throws: empty key names, keys that
# differ by case alone, and text that is no JSON.
function ConvertFrom-JsonText {
    param([string] $Text)

    if ($null -eq $script:JsonDateKind) {
        $command = Get-Command -Name ConvertFrom-Json -ErrorAction Stop
        $script:JsonDateKind = $command.Parameters.ContainsKey('DateKind')
    }
    if ($script:JsonDateKind) {
        return ConvertFrom-Json -InputObject $Text -DateKind String -ErrorAction Stop
    }
    return ConvertFrom-Json -InputObject $Text -ErrorAction Stop
}
