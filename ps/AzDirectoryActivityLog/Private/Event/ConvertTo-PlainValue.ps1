# A value of a .NET object as JSON of the service would have it: times as ISO 8601 in UTC, dictionaries
# without the object around them, what an object printed of itself as an object again, texts of
# {value, localizedValue} pairs as they are.
function ConvertTo-PlainValue {
    param($Value, [int] $Depth = 0)

    if ($null -eq $Value -or $Depth -gt 8) {
        return $Value
    }
    if ($Value -is [string]) {
        return ConvertFrom-PrintedText $Value
    }
    if ($Value -is [datetime] -or $Value -is [System.DateTimeOffset]) {
        $time = ConvertTo-UtcTime $Value
        # The first of all times is what a [datetime] is that nobody set.
        if ($time -eq [datetime]::MinValue) {
            return $null
        }
        return $time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", [System.Globalization.CultureInfo]::InvariantCulture)
    }
    if ($Value -is [System.ValueType]) {
        # What was an enumeration before Import-Clixml is a number that knows its name.
        $name = $Value.PSObject.Properties['Value']
        if ($null -ne $name) {
            return [string]$name.Value
        }
        $plain = $Value.PSObject.BaseObject
        if ($plain -is [bool] -or $plain -is [int] -or $plain -is [long] -or $plain -is [double]) {
            return $plain
        }
        return [string]$plain
    }
    $copy = [ordered]@{}
    if ($Value -is [System.Collections.IDictionary]) {
        foreach ($key in @($Value.Keys)) { $copy[[string]$key] = ConvertTo-PlainValue $Value[$key] ($Depth + 1) }
        return $copy
    }
    # Az.Monitor keeps claims and properties in Content (old class) or AdditionalProperties (new class).
    foreach ($name in 'Content', 'AdditionalProperties') {
        $inner = $Value.PSObject.Properties[$name]
        if ($null -ne $inner -and $null -ne $inner.Value -and $inner.Value -isnot [string] -and $inner.Value -isnot [System.ValueType]) {
            return ConvertTo-PlainValue $inner.Value ($Depth + 1)
        }
    }
    if ($Value -is [System.Collections.IEnumerable]) {
        return , @(foreach ($one in $Value) { ConvertTo-PlainValue $one ($Depth + 1) })
    }
    foreach ($member in $Value.PSObject.Properties) {
        if ($member.MemberType -ne 'ScriptProperty' -and $null -ne $member.Value) { $copy[$member.Name] = ConvertTo-PlainValue $member.Value ($Depth + 1) }
    }
    return $copy
}
