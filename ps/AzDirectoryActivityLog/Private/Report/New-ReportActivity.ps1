# What the holders of a story's power did with it, by tactic in the order in which each began, and what the logs do
# not show.
function New-ReportActivity {
    param($Activity)

    $tactics = [ordered]@{}
    $notes = [System.Collections.Generic.List[string]]::new()
    $rows = @(foreach ($one in $Activity) {
            $row = @{}
            foreach ($name in 'Tactic', 'Title', 'Operation', 'HolderName', 'Holder', 'IpAddresses', 'Resources', 'TimeBins') { $row[$name] = Get-PropertyValue $one $name }
            foreach ($name in 'Count', 'Failed', 'ResourceCount') { $row[$name] = [long](Get-PropertyValue $one $name) }
            foreach ($name in 'FirstTime', 'LastTime') { $row[$name] = ConvertTo-UtcTime (Get-PropertyValue $one $name) }
            if ([string]::IsNullOrEmpty([string]$row.Title)) { $row.Title = $row.Operation }
            if ([string]::IsNullOrEmpty([string]$row.HolderName)) { $row.HolderName = $row.Holder }
            # azdal names the first twenty.
            $row.Unlisted = [math]::Max([long]0, $row.ResourceCount - @($row.Resources).Length)
            $row.Notes = Get-PropertyValue $one 'Notes'
            $row
        })
    $total = [long]0
    foreach ($row in Get-ReportOrder -Item $rows -Member FirstTime) {
        foreach ($note in $row.Notes) {
            if (-not [string]::IsNullOrEmpty([string]$note) -and -not $notes.Contains([string]$note)) { $notes.Add([string]$note) }
        }
        if ($row.Count -gt 0) {
            $total += $row.Count
            $tactic = [string]$row.Tactic
            if (-not $tactics.Contains($tactic)) { $tactics[$tactic] = [System.Collections.Generic.List[object]]::new() }
            $tactics[$tactic].Add($row)
        }
    }
    $rows = @(foreach ($list in $tactics.Values) { $list })
    $shown = $rows
    $more = $rows.Length -gt $script:ReportActivityMost
    if ($more) { $shown = $rows[0..($script:ReportActivityMost - 1)] }
    return @{ Total = $total; Rows = $rows; Shown = $shown; More = $more; Notes = $notes }
}
