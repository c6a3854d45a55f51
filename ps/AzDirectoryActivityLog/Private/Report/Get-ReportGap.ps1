# The stretches of time that were asked for and that no window of a scope covers, oldest first.
function Get-ReportGap {
    param($Scope, $Since, $Until)

    if ($null -eq $Since -or $null -eq $Until) {
        return
    }
    $windows = @(foreach ($window in @(Get-PropertyValue $Scope 'windows')) {
            $begin = ConvertTo-UtcTime (Get-PropertyValue $window 'from')
            $end = ConvertTo-UtcTime (Get-PropertyValue $window 'to')
            if ($null -ne $begin -and $null -ne $end) {
                @{ From = $begin; To = $end }
            }
        })
    $known = $Since
    foreach ($window in Get-ReportOrder -Item $windows -Member From) {
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
