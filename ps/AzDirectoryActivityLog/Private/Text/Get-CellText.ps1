# A property as text for the cell of a table; null for none. Foreign text loses control and bidirectional
# characters: a name must not move the table. A time is shown to the minute.
function Get-CellText {
    param($InputObject, [string] $Name, [switch] $Time)

    $value = Get-PropertyValue $InputObject $Name
    if ($Time) {
        $value = ConvertTo-UtcTime $value
        if ($null -ne $value) { $value = $value.ToString('yyyy-MM-dd HH:mm', [System.Globalization.CultureInfo]::InvariantCulture) }
    }
    if ($null -ne $value) {
        return [regex]::Replace([string]$value, '[\p{Cc}\p{Cf}\u2028\u2029]', '?')
    }
}
