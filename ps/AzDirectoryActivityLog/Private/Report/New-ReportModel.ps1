# All that the report shows, put in order: findings by severity and time, stories, what still stands.
function New-ReportModel {
    param($Finding, $Unlogged, $Activity, $Export, [string] $Title, [string] $Version)

    $report = @{
        Title = $Title; Version = $Version; Made = [datetime]::UtcNow; Findings = $null; Unlogged = $Unlogged
        Exports = $Export; Counts = [int[]]::new($script:ReportSeverity.Length); Other = 0; Joined = $false
        Standing = [System.Collections.Generic.List[object]]::new(); Doubts = 0; Grants = 0
        Stories = [System.Collections.Generic.List[object]]::new(); Activity = @{}
        Tenants = [System.Collections.Generic.List[string]]::new(); From = $null; To = $null
    }
    $sorted = $Finding.ToArray()
    $keys = [string[]]@(foreach ($one in $sorted) {
            $ticks = [long]0
            if ($null -ne $one.Time) { $ticks = $one.Time.Ticks }
            '{0:D2}|{1:D19}|{2:D9}' -f (9 - $one.Rank), $ticks, $one.Number
        })
    $sorted = Get-ReportOrder -Key $keys -Item $sorted
    $report.Findings = $sorted
    $seen = @{}
    $stories = [ordered]@{}
    # A grant that scan links with no other finding may have a story all the same: what its holder did.
    $begun = @{}
    foreach ($one in $Activity) {
        $id = [string](Get-PropertyValue $one 'StoryId')
        if (-not $report.Activity.ContainsKey($id)) {
            $report.Activity[$id] = [System.Collections.Generic.List[object]]::new()
            $begun['{0}|{1}' -f (ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $one 'GrantTime')) -Full), (Get-PropertyValue $one 'Holder')] = $id
        }
        $report.Activity[$id].Add($one)
        if ([long](Get-PropertyValue $one 'Count') -gt 0) {
            foreach ($name in 'FirstTime', 'LastTime') {
                $time = ConvertTo-UtcTime (Get-PropertyValue $one $name)
                if ($null -ne $time -and ($null -eq $report.From -or $time -lt $report.From)) { $report.From = $time }
                if ($null -ne $time -and ($null -eq $report.To -or $time -gt $report.To)) { $report.To = $time }
            }
        }
    }
    $place = 0
    foreach ($one in $sorted) {
        $place++
        $one.Id = 'f' + $place
        if ($one.Rank -ge 0) { $report.Counts[$one.Rank]++ } else { $report.Other++ }
        if ($one.Joined) { $report.Joined = $true }
        $tenant = [string]$one.Value['TenantId']
        if ($tenant.Length -gt 0 -and -not $report.Tenants.Contains($tenant)) { $report.Tenants.Add($tenant) }
        foreach ($time in $one.Time, $one.Ended) {
            if ($null -ne $time) {
                if ($null -eq $report.From -or $time -lt $report.From) { $report.From = $time }
                if ($null -eq $report.To -or $time -gt $report.To) { $report.To = $time }
            }
        }
        if ($one.Story.Length -eq 0 -and $one.Grant) {
            $one.Story = [string]$begun['{0}|{1}' -f (ConvertTo-ReportTime $one.Time -Full), $one.Value['PrincipalId']]
        }
        if ($one.Story.Length -gt 0) {
            if (-not $stories.Contains($one.Story)) { $stories[$one.Story] = [System.Collections.Generic.List[object]]::new() }
            $stories[$one.Story].Add($one)
        }
        if (-not $one.Grant) {
            continue
        }
        # A role given twice stands once; what stands outweighs what is in doubt.
        $old = $seen[$one.Key]
        if ($null -eq $old -or ($one.Stands -and -not $old.Stands)) { $seen[$one.Key] = $one }
    }
    foreach ($one in $sorted) {
        if ($one.Grant -and [object]::ReferenceEquals($seen[$one.Key], $one)) {
            $report.Grants++
            if ($one.Stands) { $report.Standing.Add($one) } elseif ($one.Doubt) { $report.Doubts++ }
        }
    }
    foreach ($one in $Activity) {
        $id = [string](Get-PropertyValue $one 'StoryId')
        if (-not $stories.Contains($id)) { $stories[$id] = [System.Collections.Generic.List[object]]::new() }
    }
    foreach ($id in $stories.Keys) {
        $report.Stories.Add((New-ReportStory -Id $id -Finding $stories[$id] -Activity $report.Activity[$id] -Number ($report.Stories.Count + 1)))
    }
    foreach ($one in $Export) {
        $tenant = [string](Get-PropertyValue (Get-PropertyValue $one.Manifest 'identity') 'tenantId')
        if ($tenant.Length -gt 0 -and -not $report.Tenants.Contains($tenant)) { $report.Tenants.Add($tenant) }
    }
    return $report
}
