# A story, step by step, with the time that passed between steps.
function Write-ReportStory {
    param($Out, $Story)

    $Out.Write("<section class=""story"" id=""story$($Story.Number)"" aria-labelledby=""story$($Story.Number)-name"">`n")
    $Out.Write("<h3 id=""story$($Story.Number)-name"">Story $($Story.Number): $(ConvertTo-ReportText $Story.Caller)</h3>`n")
    $summary = ConvertTo-ReportText $Story.Summary
    if ($Story.Standing -gt 0 -and $Story.Steps[0].Joined) {
        $summary += "; <b>$(ConvertTo-ReportCount $Story.Standing 'role still stands' 'roles still stand')</b>"
    }
    $Out.Write("<p class=""note"">$summary. <code>$(ConvertTo-ReportText $Story.Id)</code></p>`n<ol class=""steps"">`n")
    $before = $null
    foreach ($one in $Story.Steps) {
        $later = ''
        if ($null -ne $before -and $null -ne $one.Time) {
            $later = '+' + (ConvertTo-ReportSpan ($one.Time - $before))
        }
        $before = $one.Time
        $severity = 'other'
        if ($one.Rank -ge 0) { $severity = $script:ReportSeverity[$one.Rank] }
        $state = ConvertTo-ReportState $one
        $after = ''
        if ($one.Grant -and $null -ne $one.Ended) {
            $after = "ended $(ConvertTo-ReportTime $one.Ended)"
            if ($null -ne $one.Time) { $after += ', after ' + (ConvertTo-ReportSpan ($one.Ended - $one.Time)) }
            $by = [string]$one.Value['EndedBy']
            if ($by.Length -gt 0 -and $by -ne [string]$one.Value['Caller']) { $after += ', by ' + (ConvertTo-ReportText $by) }
            $after = " <span class=""quiet"">$after</span>"
        } elseif ($one.Grant) {
            $after = " <span class=""state $($state.Class)"">$(ConvertTo-ReportText $state.Label)</span>"
        }
        $Out.Write("<li><a class=""num"" href=""#$($one.Id)"">$(ConvertTo-ReportTime $one.Time)<span class=""vh"">, evidence</span></a><span class=""num later"">$later</span>")
        $Out.Write("<span class=""sev sev-$severity"">$(ConvertTo-ReportText $one.Value['Severity'])</span>")
        $Out.Write("<span>$(Get-ReportSentence $one)$after</span></li>`n")
    }
    $Out.Write("</ol>`n")
    if ($null -ne $Story.Activity) {
        Write-ReportActivity -Out $Out -Activity $Story.Activity -Id "story$($Story.Number)"
    }
    $Out.Write("</section>`n")
}
