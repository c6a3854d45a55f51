# What the holders of a story's power did with it, by tactic in the order in which each began, and what the logs do
# not show.
function New-ReportActivity {
    param($Activity)

    $tactics = [ordered]@{}
    $noted = [ordered]@{}
    $holders = [System.Collections.Generic.HashSet[string]]::new()
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
        $null = $holders.Add([string]$row.Holder)
        foreach ($note in $row.Notes) {
            if ([string]::IsNullOrEmpty([string]$note)) { continue }
            if (-not $noted.Contains([string]$note)) { $noted[[string]$note] = [ordered]@{} }
            $noted[[string]$note][[string]$row.Holder] = [string]$row.HolderName
        }
        if ($row.Count -gt 0) {
            $total += $row.Count
            $tactic = [string]$row.Tactic
            if (-not $tactics.Contains($tactic)) { $tactics[$tactic] = [System.Collections.Generic.List[object]]::new() }
            $tactics[$tactic].Add($row)
        }
    }
    # What is not true of every holder says of whom it is.
    $notes = @(foreach ($note in $noted.Keys) {
            if ($noted[$note].Count -eq $holders.Count) { $note; continue }
            $names = [ordered]@{}
            foreach ($name in $noted[$note].Values) { $names[$name] = $true }
            $names = @($names.Keys)
            $more = $names.Length - $script:ReportHolderMost
            if ($more -gt 0) { $names = @($names[0..($script:ReportHolderMost - 1)]) + "$more more" }
            '{0}: {1}' -f ($names -join ', '), $note
        })
    $rows = @(foreach ($list in $tactics.Values) { $list })
    $shown = $rows
    $more = $rows.Length -gt $script:ReportActivityMost
    if ($more) { $shown = $rows[0..($script:ReportActivityMost - 1)] }
    return @{ Total = $total; Rows = $rows; Shown = $shown; More = $more; Notes = $notes }
}
