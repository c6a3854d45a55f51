# What a reader takes away in ten seconds: the answer, whether the log behind it is whole, the counts,
# and the roles that still stand.
function Write-ReportSummary {
    param($Out, $Report)

    $title = ConvertTo-ReportText $Report.Title
    $Out.Write("<a class=""skip"" href=""#findings"">Skip to the findings</a>`n<header>`n<h1>$title</h1>`n<p class=""meta"">")
    $noun = 'Tenant'
    if ($Report.Tenants.Count -gt 1) { $noun = 'Tenants' }
    if ($Report.Tenants.Count -gt 0) {
        $names = foreach ($one in $Report.Tenants) { '<code>' + (ConvertTo-ReportText $one) + '</code>' }
        $Out.Write("$noun " + ($names -join ', ') + '. ')
    }
    $Out.Write("Report made $(ConvertTo-ReportTime $Report.Made) UTC. All times are UTC.</p>`n</header>`n<main>`n")
    $Out.Write("<section aria-labelledby=""answer"">`n")
    $broken = @(foreach ($export in $Report.Exports) { if ($null -ne $export.Problem) { $export } })
    if ($broken.Count -gt 0) {
        # Before anything else: what follows may come from files that somebody changed.
        $Out.Write("<h2 id=""answer"" class=""answer broken"">The log behind this report failed verification: do not rely on what follows.</h2>`n")
        foreach ($export in $broken) {
            $Out.Write("<p class=""verdict lacking""><b>Failed verification:</b> $(ConvertTo-ReportText $export.Problem). <a href=""#coverage"">Coverage</a></p>`n")
        }
        $Out.Write("<p class=""answer"">$(Get-ReportAnswer $Report)</p>`n")
    } else {
        $Out.Write("<h2 id=""answer"" class=""answer"">$(Get-ReportAnswer $Report)</h2>`n")
    }
    if ($Report.Exports.Count -eq 0) {
        $Out.Write("<p class=""verdict doubt""><b>Coverage not stated.</b> No export was given to this report, so nothing here shows that the log behind it is whole.</p>`n")
    }
    foreach ($export in $Report.Exports) {
        if ($null -ne $export.Problem) {
            continue
        }
        Write-ReportVerdict -Out $Out -Export $export
    }
    $Out.Write("<ul class=""counts"" aria-label=""Findings by severity"">`n")
    for ($rank = $script:ReportSeverity.Length - 1; $rank -ge 0; $rank--) {
        $name = $script:ReportSeverity[$rank]
        $class = 'sev-' + $name
        if ($Report.Counts[$rank] -eq 0) { $class = 'none' }
        $Out.Write("<li class=""$class""><b>$($Report.Counts[$rank])</b> $name</li>`n")
    }
    if ($Report.Other -gt 0) {
        $Out.Write("<li class=""sev-other""><b>$($Report.Other)</b> of other severity</li>`n")
    }
    $Out.Write("</ul>`n")
    Write-ReportStanding -Out $Out -Report $Report
    Write-ReportRemedy -Out $Out -Report $Report
    $Out.Write("</section>`n")
}
