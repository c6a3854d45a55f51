# The line of times above the lanes.
function Write-ReportAxis {
    param($Out, $Axis)

    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    $Out.Write("<div class=""lane axis"" aria-hidden=""true""><span class=""lane-name"">UTC</span><svg height=""22"">")
    foreach ($tick in $Axis.Ticks) {
        $x = Get-ReportPlace -Axis $Axis -Time $tick.Time
        # The first and the last text stay within the drawing.
        $anchor = 'middle'
        if ($x -lt 6) { $anchor = 'start' } elseif ($x -gt 94) { $anchor = 'end' }
        $place = $x.ToString($invariant) + '%'
        $Out.Write("<line class=""tick"" x1=""$place"" x2=""$place"" y1=""17"" y2=""22""/><text x=""$place"" y=""12"" text-anchor=""$anchor"">$($tick.Text)</text>")
    }
    $Out.Write("</svg></div>`n")
}
