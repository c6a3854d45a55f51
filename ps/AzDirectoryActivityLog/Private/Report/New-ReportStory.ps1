# Findings that belong together, oldest first, with one line that sums them up, and what was done with their power.
function New-ReportStory {
    param([string] $Id, $Finding, $Rows, [int] $Number)

    $story = @{
        Id = $Id; Number = $Number; Steps = @(Get-ReportOrder -Item @($Finding) -Member Time); Caller = $null; Summary = ''; Standing = 0; Activity = $null
    }
    if ($null -ne $Rows) { $story.Activity = New-ReportActivity -Activity $Rows }
    $count = @{ elevation = 0; assignment = 0; removal = 0; other = 0 }
    $before = $null
    foreach ($one in $story.Steps) {
        $count[$one.Kind]++
        if ($one.Stands -and $one.Joined) { $story.Standing++ }
        if ([string]::IsNullOrEmpty($story.Caller)) { $story.Caller = [string]$one.Value['Caller'] }
        if ($null -ne $before -and $null -ne $one.Time) { $one.Later = ConvertTo-ReportSpan ($one.Time - $before) }
        $before = $one.Time
    }
    if ($story.Steps.Length -eq 0) {
        foreach ($one in $Rows) {
            foreach ($name in 'HolderName', 'Holder') {
                if ([string]::IsNullOrEmpty($story.Caller)) { $story.Caller = [string](Get-PropertyValue $one $name) }
            }
        }
    }
    $parts = @(foreach ($kind in 'elevation', 'assignment', 'removal', 'other') {
            if ($count[$kind] -gt 0) { ConvertTo-ReportCount $count[$kind] $kind.Replace('other', 'other operation') }
        })
    $story.Summary = [string]::Join(', ', $parts)
    if ($story.Steps.Length -gt 1 -and $null -ne $story.Steps[0].Time -and $null -ne $before) {
        $story.Summary += ' within ' + (ConvertTo-ReportSpan ($before - $story.Steps[0].Time))
    }
    if ($null -ne $story.Activity -and $story.Activity.Total -gt 0) {
        if ($story.Summary.Length -gt 0) { $story.Summary += '; ' }
        $story.Summary += (ConvertTo-ReportCount $story.Activity.Total 'operation') + ' with this power'
    }
    return $story
}
