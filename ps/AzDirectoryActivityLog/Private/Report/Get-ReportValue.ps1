# The properties of a finding by name, as the report shows them. Those that were saved as CSV have times and truths
# as text, and the name of its type for a list.
function Get-ReportValue {
    param($InputObject)

    $value = @{}
    foreach ($member in $InputObject.PSObject.Properties) {
        # What a command returned that returned nothing is not null enough to be cast.
        $value[$member.Name] = $null
        if ($null -ne $member.Value) {
            $value[$member.Name] = $member.Value
        }
    }
    foreach ($name in 'Time', 'EndedTime', 'LookupTime') {
        $time = ConvertTo-UtcTime $value[$name]
        if ($null -ne $time) { $value[$name] = $time }
    }
    foreach ($name in $script:FindingList) {
        if ($value[$name] -is [string] -and $value[$name] -eq 'System.Object[]') {
            $value[$name] = 'lost: the findings were saved as CSV'
            if ($name -eq 'Notes') { $value[$name] = $null }
        }
    }
    foreach ($name in @($value.Keys)) {
        if ($value[$name] -is [System.Collections.IList]) {
            $value[$name] = @(foreach ($one in $value[$name]) { if ([string]$one -ne '') { $one } })
        } elseif ($name -eq 'SelfAssigned' -or $value[$name] -is [bool]) {
            $value[$name] = ([string]$value[$name]).Replace('True', 'yes').Replace('False', 'no')
        }
    }
    return $value
}
