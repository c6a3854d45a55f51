# The evidence of a finding, in four parts, and its notes.
function Write-ReportEvidence {
    param($Out, $Finding, $State)

    $value = $Finding.Value
    $Out.Write("<tr class=""evidence"" id=""$($Finding.Id)-evidence""><td colspan=""6""><div class=""parts"">`n")
    foreach ($part in $script:ReportPart) {
        $Out.Write("<div><h3>$($part.Title)</h3><dl>")
        if ($part.Title -eq 'What stands now') {
            $name = ConvertTo-ReportText $Finding.State
            if ($name.Length -eq 0) { $name = 'not looked up' }
            $Out.Write("<dt>State</dt><dd>$name</dd>")
            if ($null -ne $State.Detail) {
                $Out.Write("<dt>Reason</dt><dd>$(ConvertTo-ReportText $State.Detail)</dd>")
            }
        }
        foreach ($row in $part.Rows) {
            $text = ''
            foreach ($one in $value[$row[1]]) {
                if ($one -is [datetime]) {
                    $line = ConvertTo-ReportTime (ConvertTo-UtcTime $one) -Full
                } elseif ($one -is [bool]) {
                    $line = 'no'
                    if ($one) { $line = 'yes' }
                } else {
                    $line = [string]$one
                    # Most text is plain; asking here saves a call for each.
                    if (-not $script:ReportSafe.IsMatch($line)) { $line = ConvertTo-ReportText $line }
                }
                if ($text.Length -gt 0 -and $line.Length -gt 0) { $text += '<br>' }
                $text += $line
            }
            if ($text.Length -eq 0) {
                if ($script:ReportKey -notcontains $row[1]) {
                    continue
                }
                $text = '<span class="quiet">not in the log</span>'
            }
            $Out.Write("<dt>$($row[0])</dt><dd>$text</dd>")
        }
        $Out.Write("</dl></div>`n")
    }
    $Out.Write("</div>")
    foreach ($one in @($value['Notes'])) {
        if (-not [string]::IsNullOrEmpty([string]$one)) {
            $Out.Write("<p class=""remark"">Note: $(ConvertTo-ReportText $one)</p>")
        }
    }
    $Out.Write("</td></tr>`n")
}
