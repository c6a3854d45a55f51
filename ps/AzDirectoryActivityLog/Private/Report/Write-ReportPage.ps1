# The whole page.
function Write-ReportPage {
    param($Out, $Report)

    # A checkout may have given the files other line ends; the digests are of what the browser reads.
    $style = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:ModuleFolder, 'Private', 'Report', 'Report.css')).Replace("`r", '')
    $code = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:ModuleFolder, 'Private', 'Report', 'Report.js')).Replace("`r", '')
    Write-ReportHead -Out $Out -Report $Report -Style $style -Script $code
    Write-ReportSummary -Out $Out -Report $Report
    Write-ReportCoverage -Out $Out -Report $Report
    Write-ReportTimeline -Out $Out -Report $Report
    Write-ReportFinding -Out $Out -Report $Report
    Write-ReportUnlogged -Out $Out -Report $Report
    Write-ReportProof -Out $Out -Report $Report
    $Out.Write("</main>`n<script>$code</script>`n</body>`n</html>`n")
}
