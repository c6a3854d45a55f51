# The stretches of time that were asked for and that no window of a scope covers, oldest first.
function Get-ReportGap {
    param($Scope, $Since, $Until)

    if ($null -eq $Since -or $null -eq $Until) {
        return
    }
    $keys = [System.Collections.Generic.List[string]]::new()
    $windows = [System.Collections.Generic.List[object]]::new()
    foreach ($window in @(Get-PropertyValue $Scope 'windows')) {
        $begin = ConvertTo-UtcTime (Get-PropertyValue $window 'from')
        $end = ConvertTo-UtcTime (Get-PropertyValue $window 'to')
        if ($null -ne $begin -and $null -ne $end) {
            $keys.Add($begin.Ticks.ToString('D19', [System.Globalization.CultureInfo]::InvariantCulture))
            $windows.Add(@{ From = $begin; To = $end })
        }
    }
    $ordered = Get-ReportOrder -Key $keys.ToArray() -Item $windows.ToArray()
    $known = $Since
    foreach ($window in $ordered) {
        if ($window.From -gt $known) {
            @{ From = $known; To = $window.From }
        }
        if ($window.To -gt $known) {
            $known = $window.To
        }
    }
    if ($known -lt $Until) {
        @{ From = $known; To = $Until }
    }
}
