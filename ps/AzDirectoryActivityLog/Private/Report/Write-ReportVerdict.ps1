# One line that says whether an export is whole.
function Write-ReportVerdict {
    param($Out, $Export)

    $range = "$(ConvertTo-ReportTime $Export.Since) to $(ConvertTo-ReportTime $Export.Until)"
    $read = ConvertTo-ReportCount $Export.Events 'event'
    if ($Export.Complete) {
        $Out.Write("<p class=""verdict whole""><b>The log is complete:</b> $range, $read.")
    } else {
        $what = 'Part of what was asked for is missing'
        if ($Export.Lacking.Count -gt 0) {
            $what = '{0} of {1} could not be read in full' -f $Export.Lacking.Count, (ConvertTo-ReportCount $Export.Scopes.Count 'scope')
        }
        $Out.Write("<p class=""verdict lacking""><b>The log is incomplete.</b> $what; what happened there is not in this report. $range, $read.")
    }
    $Out.Write(" <a href=""#coverage"">Coverage</a></p>`n")
}
