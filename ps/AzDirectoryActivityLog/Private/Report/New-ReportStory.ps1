# Findings that belong together, oldest first, with one line that sums them up.
function New-ReportStory {
    param([string] $Id, $Finding, $Activity, [int] $Number)

    $steps = $Finding.ToArray()
    $keys = [string[]]@(foreach ($one in $steps) {
            $ticks = [long]0
            if ($null -ne $one.Time) { $ticks = $one.Time.Ticks }
            '{0:D19}|{1:D9}' -f $ticks, $one.Number
        })
    $steps = Get-ReportOrder -Key $keys -Item $steps
    $story = @{ Id = $Id; Number = $Number; Steps = $steps; Caller = $null; Rank = -1; Summary = ''; Standing = 0; Activity = $Activity; Done = [long]0 }
    foreach ($one in $Activity) {
        $story.Done += [long](Get-PropertyValue $one 'Count')
        foreach ($name in 'HolderName', 'Holder') {
            if ($steps.Length -eq 0 -and [string]::IsNullOrEmpty($story.Caller)) { $story.Caller = [string](Get-PropertyValue $one $name) }
        }
    }
    $count = @{ elevation = 0; assignment = 0; removal = 0; other = 0 }
    foreach ($one in $steps) {
        if ($one.Rank -gt $story.Rank) { $story.Rank = $one.Rank }
        if ($one.Stands) { $story.Standing++ }
        $count[$one.Kind]++
        if ([string]::IsNullOrEmpty($story.Caller)) { $story.Caller = [string]$one.Value['Caller'] }
    }
    $parts = [System.Collections.Generic.List[string]]::new()
    if ($count.elevation -gt 0) { $parts.Add((ConvertTo-ReportCount $count.elevation 'elevation')) }
    if ($count.assignment -gt 0) { $parts.Add((ConvertTo-ReportCount $count.assignment 'assignment')) }
    if ($count.removal -gt 0) { $parts.Add((ConvertTo-ReportCount $count.removal 'removal')) }
    if ($count.other -gt 0) { $parts.Add((ConvertTo-ReportCount $count.other 'other operation')) }
    $story.Summary = [string]::Join(', ', $parts)
    if ($steps.Length -gt 1 -and $null -ne $steps[0].Time -and $null -ne $steps[-1].Time) {
        $story.Summary += ' within ' + (ConvertTo-ReportSpan ($steps[-1].Time - $steps[0].Time))
    }
    if ($story.Done -gt 0) {
        if ($story.Summary.Length -gt 0) { $story.Summary += '; ' }
        $story.Summary += (ConvertTo-ReportCount $story.Done 'operation') + ' with this power'
    }
    return $story
}
