# One lane of the drawing: a mark for each finding, and a bar as long as the role stood.
function Write-ReportLane {
    param($Out, $Axis, $Finding, $Activity, [string] $Name, [string] $Label)

    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    # How far each line is taken, in per cent.
    $taken = [System.Collections.Generic.List[double]]::new()
    # Which line a role that was given is drawn on.
    $grants = @{}
    $marks = [System.Text.StringBuilder]::new()
    $bars = [System.Text.StringBuilder]::new()
    $keys = [string[]]@(foreach ($one in $Finding) {
        $ticks = [long]0
        if ($null -ne $one.Time) { $ticks = $one.Time.Ticks }
        $ticks.ToString('D19', $invariant)
    })
    $order = Get-ReportOrder -Key $keys -Item $Finding
    foreach ($one in $order) {
        if ($null -eq $one.Time) {
            continue
        }
        $x = Get-ReportPlace -Axis $Axis -Time $one.Time
        $end = $x
        $bar = $null
        if ($one.Grant) {
            if ($null -ne $one.Ended) {
                $end = Get-ReportPlace -Axis $Axis -Time $one.Ended
                $bar = 'ended'
            } elseif ($one.Stands) {
                $end = 100.0
                $bar = 'stands'
            } elseif ($one.Doubt) {
                $end = 100.0
                $bar = 'doubt'
            }
        }
        $line = 0
        if ($one.Kind -eq 'removal' -and $grants.ContainsKey($one.Key)) {
            # On the bar of what it removed.
            $line = $grants[$one.Key]
        } elseif ($one.Kind -eq 'removal' -and $grants.ContainsKey($one.Holder)) {
            $line = $grants[$one.Holder]
        } else {
            while ($line -lt $taken.Count -and $taken[$line] -gt $x -and $line -lt $script:ReportLaneLines - 1) {
                $line++
            }
        }
        if ($one.Grant) {
            $grants[$one.Key] = $line
            $grants[$one.Holder] = $line
        }
        if ($line -eq $taken.Count) { $taken.Add(0.0) }
        # A mark takes about two per cent of the width.
        $taken[$line] = [math]::Max($taken[$line], [math]::Max($end, $x) + 2.0)
        $y = $script:ReportLineHeight * $line + $script:ReportLineHeight / 2
        $place = $x.ToString($invariant) + '%'
        $severity = 'other'
        if ($one.Rank -ge 0) { $severity = $script:ReportSeverity[$one.Rank] }
        if ($null -ne $bar) {
            $to = $end.ToString($invariant) + '%'
            $null = $bars.Append("<line class=""bar $bar sev-$severity"" x1=""$place"" x2=""$to"" y1=""$y"" y2=""$y""/>")
        }
        $tip = "$(ConvertTo-ReportTime $one.Time) $(ConvertTo-ReportText $one.Value['Title'] -Plain)"
        $hollow = ''
        if ($one.Failed) { $hollow = ' hollow' }
        $null = $marks.Append("<svg class=""mark sev-$severity$hollow"" x=""$place"" y=""$y"" overflow=""visible""><title>$tip</title>$($script:ReportMark[$one.Kind])</svg>")
    }
    $height = $script:ReportLineHeight * [math]::Max(1, $taken.Count)
    $did = Get-ReportDensity -Axis $Axis -Activity $Activity -Y $height
    if ($did.Length -gt 0) { $height += $script:ReportDensityHeight + 4 }
    $grid = [System.Text.StringBuilder]::new()
    foreach ($tick in $Axis.Ticks) {
        $place = (Get-ReportPlace -Axis $Axis -Time $tick.Time).ToString($invariant) + '%'
        $null = $grid.Append("<line class=""grid"" x1=""$place"" x2=""$place"" y1=""0"" y2=""100%""/>")
    }
    $Out.Write("<div class=""lane""><span class=""lane-name"">$Name</span><svg role=""img"" aria-label=""$(ConvertTo-ReportText $Label -Plain)"" height=""$height"">")
    $Out.Write($grid.ToString() + $did + $bars.ToString() + $marks.ToString() + "</svg></div>`n")
}
