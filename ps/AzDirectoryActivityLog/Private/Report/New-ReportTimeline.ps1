# Findings along time: one lane for each story and one for what belongs to none. The drawing says nothing that the
# lists below it do not. Null where nothing has a time.
function New-ReportTimeline {
    param($Finding, $Story)

    $times = [System.Collections.Generic.List[datetime]]::new()
    foreach ($one in $Finding) {
        foreach ($time in $one.Time, $one.Ended) { if ($null -ne $time) { $times.Add($time) } }
    }
    $did = $false
    foreach ($one in $Story) {
        if ($null -eq $one.Activity) {
            continue
        }
        $did = $true
        foreach ($row in $one.Activity.Rows) {
            foreach ($time in $row.FirstTime, $row.LastTime) { if ($null -ne $time) { $times.Add($time) } }
        }
    }
    if ($times.Count -eq 0) {
        return $null
    }
    $times.Sort()
    $axis = New-ReportAxis -From $times[0] -To $times[$times.Count - 1]
    $lanes = [System.Collections.Generic.List[object]]::new()
    foreach ($one in $Story) {
        if ($one.Number -gt $script:ReportLaneMost) {
            break
        }
        $lanes.Add((New-ReportLane -Axis $axis -Finding $one.Steps -Story $one -Label "Story $($one.Number): $($one.Summary)"))
    }
    $others = @(foreach ($one in $Finding) { if ($one.Story.Length -eq 0 -and $null -ne $one.Time) { $one } })
    if ($others.Length -gt 0) {
        $lanes.Add((New-ReportLane -Axis $axis -Finding $others -Label (ConvertTo-ReportCount $others.Length 'finding')))
    }
    $most = 0
    if ($Story.Count -gt $script:ReportLaneMost) { $most = $script:ReportLaneMost }
    return @{ Ticks = $axis.Ticks; Lanes = $lanes; Operations = $did; Most = $most }
}
