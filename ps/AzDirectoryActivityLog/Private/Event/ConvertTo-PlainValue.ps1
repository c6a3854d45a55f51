# A value of an object of another command as JSON should have it: times as ISO 8601 in UTC, dictionaries
# without the Content around them, texts of {value, localizedValue} pairs as they are.
function ConvertTo-PlainValue {
    param($Value, [int] $Depth = 0)

    if ($null -eq $Value -or $Value -is [string] -or $Depth -gt 8) {
        return $Value
    }
    if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) {
        return (ConvertTo-UtcTime $Value).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", [System.Globalization.CultureInfo]::InvariantCulture)
    }
    if ($Value -is [System.ValueType]) {
        if ($Value -is [bool] -or $Value -is [int] -or $Value -is [long] -or $Value -is [double]) {
            return $Value
        }
        return [string]$Value
    }
    $content = $Value.PSObject.Properties['Content']
    if ($Value -isnot [System.Collections.IDictionary] -and $null -ne $content -and $content.Value -is [System.Collections.IDictionary]) {
        return ConvertTo-PlainValue $content.Value ($Depth + 1)
    }
    if ($Value -is [System.Collections.IDictionary]) {
        $copy = [ordered]@{}
        foreach ($key in @($Value.Keys)) { $copy[[string]$key] = ConvertTo-PlainValue $Value[$key] ($Depth + 1) }
        return $copy
    }
    if ($Value -is [System.Collections.IEnumerable]) {
        return , @(foreach ($one in $Value) { ConvertTo-PlainValue $one ($Depth + 1) })
    }
    $copy = [ordered]@{}
    foreach ($member in $Value.PSObject.Properties) {
        if ($member.MemberType -ne 'ScriptProperty' -and $null -ne $member.Value) { $copy[$member.Name] = ConvertTo-PlainValue $member.Value ($Depth + 1) }
    }
    return $copy
}
