# Where a time stands along the axis, in per cent of its length.
function Get-ReportPlace {
    [CmdletBinding()]
    [OutputType([double])]
    param($Axis, [datetime] $Time)

    return [math]::Round(100.0 * ($Time - $Axis.From).Ticks / ($Axis.To - $Axis.From).Ticks, 2)
}
