# The time axis of the drawing: From and To with some room, and the ticks between them.
function New-ReportAxis {
    param([datetime] $From, [datetime] $To)

    $room = [timespan]::FromTicks([long](($To - $From).Ticks * 0.06))
    if ($room -lt [timespan]::FromMinutes(2)) {
        $room = [timespan]::FromMinutes(2)
    }
    $axis = @{ From = $From - $room; To = $To + $room + $room; Ticks = $null }
    $span = $axis.To - $axis.From
    $minute = [timespan]::TicksPerMinute
    $step = [long]0
    foreach ($minutes in 1, 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440, 2880, 7200, 10080, 20160, 43200, 129600, 525600) {
        $step = $minutes * $minute
        if ($span.Ticks / $step -le 8) {
            break
        }
    }
    $format = 'yyyy-MM-dd'
    if ($step -lt [timespan]::TicksPerDay) {
        $format = 'MM-dd HH:mm'
    }
    $first = $axis.From.Ticks - ($axis.From.Ticks % $step) + $step
    $axis.Ticks = @(for ($tick = $first; $tick -lt $axis.To.Ticks; $tick += $step) {
            $time = [datetime]::new($tick, [System.DateTimeKind]::Utc)
            $x = Get-ReportPlace -Axis $axis -Time $time
            # The first and the last text stay within the drawing.
            $anchor = 'middle'
            if ($x -lt 6) { $anchor = 'start' } elseif ($x -gt 94) { $anchor = 'end' }
            @{ X = $x; Anchor = $anchor; Text = $time.ToString($format, [System.Globalization.CultureInfo]::InvariantCulture) }
        })
    return $axis
}
