# The plain string of a field that the service writes as {"value":..,"localizedValue":..} and others
# as a string; null for null.
function Get-TextValue {
    param($Value)

    if ($null -eq $Value -or $Value -is [string]) {
        return $Value
    }
    $inner = $Value.PSObject.Properties['value']
    if ($null -ne $inner) {
        $Value = $inner.Value
    }
    if ($null -eq $Value) {
        return $null
    }
    return [string]$Value
}
