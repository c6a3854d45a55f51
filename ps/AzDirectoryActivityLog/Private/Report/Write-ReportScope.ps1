# A table of an export's scopes, those that lack something first.
function Write-ReportScope {
    param($Out, $Export)

    $Out.Write("<div class=""scroll"" role=""region"" aria-label=""Scopes"" tabindex=""0"">`n<table class=""scopes"">`n<thead><tr><th scope=""col"">Log of</th><th scope=""col"">State</th>")
    $Out.Write("<th scope=""col"" class=""right"">Events</th><th scope=""col"">First event (UTC)</th><th scope=""col"">Last event (UTC)</th><th scope=""col"">Settled until (UTC)</th>")
    $Out.Write("<th scope=""col"">Missing (UTC) and why</th></tr></thead>`n<tbody>`n")
    $rows = @($Export.Lacking) + @(foreach ($one in $Export.Scopes) { if (-not $one.Lacks) { $one } })
    foreach ($one in $rows) {
        $class = 'whole'
        if ($one.Lacks) { $class = 'lacking' }
        $missing = 'Nothing'
        if ($one.Lacks) {
            $parts = [System.Collections.Generic.List[string]]::new()
            foreach ($gap in $one.Gaps) {
                $parts.Add("<span class=""num"">$(ConvertTo-ReportTime $gap.From)</span> to <span class=""num"">$(ConvertTo-ReportTime $gap.To)</span>")
            }
            if ($null -ne $one.Said) { $parts.Add('<q>' + (ConvertTo-ReportText $one.Said) + '</q>') }
            if ($parts.Count -eq 0) { $parts.Add('Not stated') }
            $missing = [string]::Join('<br>', $parts)
        }
        $Out.Write("<tr><th scope=""row"">$(ConvertTo-ReportText $one.Name)</th><td><span class=""state $class"">$(ConvertTo-ReportText $one.Words)</span></td>")
        $Out.Write("<td class=""num right"">$($one.Events.ToString('N0', [System.Globalization.CultureInfo]::InvariantCulture))</td>")
        foreach ($time in $one.First, $one.Last, $one.Settled) {
            $Out.Write("<td class=""num"">$(ConvertTo-ReportTime $time)</td>")
        }
        $Out.Write("<td>$missing</td></tr>`n")
    }
    $Out.Write("</tbody>`n</table>`n</div>`n")
}
