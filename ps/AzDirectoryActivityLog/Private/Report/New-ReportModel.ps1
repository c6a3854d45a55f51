# All that the report shows, put in order: findings by severity and time, stories, what still stands.
function New-ReportModel {
    param($Finding, $Unlogged, $Activity, $Export, [string] $Title, [string] $Version)

    $byTime = @(Get-ReportOrder -Item $Finding.ToArray() -Member Time)
    $sorted = @(Get-ReportOrder -Item $byTime -Member Order)
    $tenants = [ordered]@{}
    $seen = @{}
    $report = @{
        Title = $Title; Version = $Version; Made = [datetime]::UtcNow; Findings = $sorted; Exports = $Export
        Broken = @(foreach ($one in $Export) { if ($null -ne $one.Problem) { $one } })
        Sound = @(foreach ($one in $Export) { if ($null -eq $one.Problem) { $one } })
        Counts = [int[]]::new($script:ReportSeverity.Length); Other = 0; Joined = $false; Grants = 0; Doubts = 0
        Unlogged = @(foreach ($one in $Unlogged) { New-ReportUnlogged $one })
    }
    for ($i = 0; $i -lt $sorted.Length; $i++) {
        $one = $sorted[$i]
        $one.Id = 'f' + ($i + 1)
        if ($one.Rank -ge 0) { $report.Counts[$one.Rank]++ } else { $report.Other++ }
        if ($one.Joined) { $report.Joined = $true }
        $tenants[[string]$one.Value['TenantId']] = $true
        # A role given twice stands once; what stands outweighs what is in doubt, and that what is gone.
        $old = $seen[$one.Key]
        if ($one.Grant -and ($null -eq $old -or ($one.Stands -and -not $old.Stands) -or ($one.Doubt -and -not $old.Stands -and -not $old.Doubt))) {
            $seen[$one.Key] = $one
        }
    }
    foreach ($one in $Export) { $tenants[$one.Tenant] = $true }
    $report.Tenants = @(foreach ($one in $tenants.Keys) { if ($one.Length -gt 0) { $one } })
    $report.Severities = @(for ($rank = $script:ReportSeverity.Length - 1; $rank -ge 0; $rank--) {
            @{ Name = $script:ReportSeverity[$rank]; Count = $report.Counts[$rank] }
        })
    $remedies = [ordered]@{}
    $report.Standing = @(foreach ($one in $sorted) {
            if (-not $one.Grant -or -not [object]::ReferenceEquals($seen[$one.Key], $one)) { continue }
            $report.Grants++
            if ($one.Doubt) { $report.Doubts++ }
            if ($one.Stands) {
                New-ReportStanding $one
                if ([string]$one.Value['Remedy'] -ne '') { $remedies[[string]$one.Value['Remedy']] = $true }
            }
        })
    $report.Remedies = @($remedies.Keys)
    $report.Lookup = Get-ReportLookup $report
    $report.Answer = Get-ReportAnswer $report
    $report.Stories = @(Get-ReportStory -Finding $sorted -Activity $Activity)
    $report.Timeline = New-ReportTimeline -Finding $byTime -Story $report.Stories
    return $report
}
