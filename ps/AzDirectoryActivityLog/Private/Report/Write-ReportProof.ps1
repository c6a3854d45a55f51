# For the case notes: who read which log with what, and the digests to check it by.
function Write-ReportProof {
    param($Out, $Report)

    $Out.Write("<section aria-labelledby=""proof"">`n<h2 id=""proof"">For the case notes</h2>`n")
    foreach ($export in $Report.Exports) {
        if ($null -ne $export.Problem) {
            $Out.Write("<dl class=""wide""><dt>SHA-256 of manifest.json, as found</dt><dd><code>$($export.Sha256)</code></dd>`n")
            $Out.Write("<dt>Export</dt><dd>$(ConvertTo-ReportText $export.Folder)</dd>`n<dt>Verification</dt><dd>failed: $(ConvertTo-ReportText $export.Problem)</dd></dl>`n")
            continue
        }
        $manifest = $export.Manifest
        $query = Get-PropertyValue $manifest 'query'
        $who = Get-PropertyValue $manifest 'identity'
        $name = ConvertTo-ReportText (Get-PropertyValue $who 'name')
        $ids = foreach ($one in @('object', 'objectId'), @('application', 'appId'), @('tenant', 'tenantId')) {
            $id = ConvertTo-ReportText (Get-PropertyValue $who $one[1])
            if ($id.Length -gt 0) { "$($one[0]) <code>$id</code>" }
        }
        $asked = @(foreach ($one in @(Get-PropertyValue $query 'scopes')) { ConvertTo-ReportText $one }) -join ', '
        $rows = @(
            @('SHA-256 of manifest.json', "<code>$($export.Sha256)</code>"),
            @('Export', (ConvertTo-ReportText $export.Folder)),
            @('Read with', (ConvertTo-ReportText (Get-PropertyValue $manifest 'tool'))),
            @('Read from', (ConvertTo-ReportText (Get-PropertyValue $manifest 'endpoint'))),
            @('Read as', ((@($name) + @($ids)) -join ', ').Trim(', ')),
            @('Read', "$(ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $manifest 'started'))) to $(ConvertTo-ReportTime $export.Finished)"),
            @('Asked for', "$(ConvertTo-ReportTime $export.Since) to $(ConvertTo-ReportTime $export.Until), $asked")
        )
        $Out.Write("<dl class=""wide"">")
        foreach ($row in $rows) {
            $text = $row[1]
            if ($text.Length -eq 0) { $text = '<span class="quiet">not known</span>' }
            $Out.Write("<dt>$($row[0])</dt><dd>$text</dd>`n")
        }
        $Out.Write("</dl>`n")
        Write-ReportFile -Out $Out -Export $export
    }
    $Out.Write("<p class=""note"">Report made by AzDirectoryActivityLog $(ConvertTo-ReportText $Report.Version), $(ConvertTo-ReportTime $Report.Made) UTC, with ")
    $Out.Write("$(ConvertTo-ReportCount $Report.Findings.Count 'finding').")
    if ($Report.Exports.Count -gt 0) {
        $Out.Write(" Digests of files are those of the manifest; <code>azdal verify</code> or <code>Test-AzDirectoryActivityLog</code> computes them anew.")
    }
    $Out.Write("</p>`n</section>`n")
}
