# A number with its noun: "1 role", "1,986 events".
function ConvertTo-ReportCount {
    [CmdletBinding()]
    [OutputType([string])]
    param([long] $Number, [string] $One, [string] $Many)

    $noun = $Many
    if ($Number -eq 1) {
        $noun = $One
    } elseif ([string]::IsNullOrEmpty($Many)) {
        $noun = $One + 's'
    }
    return $Number.ToString('N0', [System.Globalization.CultureInfo]::InvariantCulture) + ' ' + $noun
}
