# A UTC time as text: to the second for reading, or with all that the log has of it.
function ConvertTo-ReportTime {
    param([AllowNull()] $Time, [switch] $Full)

    if ($null -eq $Time) {
        return ''
    }
    $format = 'yyyy-MM-dd HH:mm:ss'
    if ($Full) {
        $format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"
    }
    return $Time.ToString($format, [System.Globalization.CultureInfo]::InvariantCulture)
}
