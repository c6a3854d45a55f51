# One lane of the drawing: a mark for each finding, a bar as long as the role stood, and below them when things were done.
function New-ReportLane {
    param($Axis, $Finding, $Story, [string] $Label)

    $lane = @{ Story = $Story; Label = $Label; Marks = [System.Collections.Generic.List[object]]::new(); Did = @(); Height = 0 }
    # How far each line is taken, in per cent.
    $taken = [System.Collections.Generic.List[double]]::new()
    # Which line a role that was given is drawn on.
    $grants = @{}
    foreach ($one in $Finding) {
        if ($null -eq $one.Time) {
            continue
        }
        $one.X = Get-ReportPlace -Axis $Axis -Time $one.Time
        $one.BarEnd = $one.X
        if ($one.Grant) {
            if ($null -ne $one.Ended) {
                $one.BarEnd = Get-ReportPlace -Axis $Axis -Time $one.Ended
                $one.Bar = 'ended'
            } elseif ($one.Stands -or $one.Doubt) {
                $one.BarEnd = 100.0
                $one.Bar = 'doubt'
                if ($one.Stands) { $one.Bar = 'stands' }
            }
        }
        $line = 0
        if ($one.Kind -eq 'removal' -and $grants.ContainsKey($one.Key)) {
            # On the bar of what it removed.
            $line = $grants[$one.Key]
        } elseif ($one.Kind -eq 'removal' -and $grants.ContainsKey($one.Holder)) {
            $line = $grants[$one.Holder]
        } else {
            while ($line -lt $taken.Count -and $taken[$line] -gt $one.X -and $line -lt $script:ReportLaneLines - 1) {
                $line++
            }
        }
        if ($one.Grant) {
            $grants[$one.Key] = $line
            $grants[$one.Holder] = $line
        }
        if ($line -eq $taken.Count) { $taken.Add(0.0) }
        # A mark takes about two per cent of the width.
        $taken[$line] = [math]::Max($taken[$line], [math]::Max($one.BarEnd, $one.X) + 2.0)
        $one.Y = $script:ReportLineHeight * $line + $script:ReportLineHeight / 2
        $lane.Marks.Add($one)
    }
    $lane.Height = $script:ReportLineHeight * [math]::Max(1, $taken.Count)
    if ($null -ne $Story -and $null -ne $Story.Activity -and $Story.Activity.Total -gt 0) {
        $lane.Height += $script:ReportDensityHeight + 4
        $lane.Did = @(Get-ReportDensity -Axis $Axis -Activity $Story.Activity -Bottom ($lane.Height - 2))
    }
    return $lane
}
