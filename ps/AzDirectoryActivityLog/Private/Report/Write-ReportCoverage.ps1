# What the exports prove: what was read, up to when it is settled, what is missing and why.
function Write-ReportCoverage {
    param($Out, $Report)

    $Out.Write("<section aria-labelledby=""coverage"">`n<h2 id=""coverage"">Coverage</h2>`n")
    if ($Report.Exports.Count -eq 0) {
        $Out.Write("<p>Not stated: the report was made without an export (-ExportPath). Findings are what was in the files that were searched; ")
        $Out.Write("that nothing else happened does not follow from it.</p>`n")
    }
    foreach ($export in $Report.Exports) {
        if ($Report.Exports.Count -gt 1) {
            $Out.Write("<h3>$(ConvertTo-ReportText $export.Folder)</h3>`n")
        }
        if ($null -ne $export.Problem) {
            $Out.Write("<p class=""verdict lacking""><b>Nothing is proven:</b> $(ConvertTo-ReportText $export.Problem). What the manifest of this export says is not repeated here.</p>`n")
            continue
        }
        $Out.Write("<ul class=""plain"">`n")
        foreach ($line in Get-ReportCoverageText -Export $export) {
            $Out.Write("<li>$line</li>`n")
        }
        $Out.Write("</ul>`n")
        Write-ReportScope -Out $Out -Export $export
    }
    $Out.Write("</section>`n")
}
