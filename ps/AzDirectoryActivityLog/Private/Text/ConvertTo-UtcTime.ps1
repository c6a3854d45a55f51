# A time of the service or of azdal, as text or as what ConvertFrom-Json made of it, as [datetime]
# of kind Utc; null for null, empty and unreadable ones.
function ConvertTo-UtcTime {
    param($Value)

    if ($null -eq $Value) {
        return $null
    }
    if ($Value -is [datetime]) {
        if ($Value.Kind -eq [System.DateTimeKind]::Unspecified) {
            return [datetime]::SpecifyKind($Value, [System.DateTimeKind]::Utc)
        }
        return $Value.ToUniversalTime()
    }
    if ($Value -is [System.DateTimeOffset]) {
        return $Value.UtcDateTime
    }
    $text = [string]$Value
    $time = [datetime]::MinValue
    $style = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    # So Export-Csv writes times: as the session's language has them, months and days in its order. The service's
    # and azdal's have a T in their eleventh place.
    if (($text.Length -lt 11 -or $text[10] -ne 'T') -and [datetime]::TryParseExact($text, 'G', [System.Globalization.CultureInfo]::CurrentCulture, $style, [ref]$time)) {
        return $time
    }
    # .NET reads seven digits of a second and no more.
    $long = [regex]::Match($text, '\.\d{7}(\d+)')
    if ($long.Success) {
        $text = $text.Remove($long.Groups[1].Index, $long.Groups[1].Length)
    }
    if ([datetime]::TryParse($text, [System.Globalization.CultureInfo]::InvariantCulture, $style, [ref]$time)) {
        return $time
    }
    return $null
}
