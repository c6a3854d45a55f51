# Findings along time: one lane for each story and one for what belongs to none, and then the stories
# step by step. The drawing says nothing that the lists below it and the findings do not.
function Write-ReportTimeline {
    param($Out, $Report)

    if ($null -eq $Report.From) {
        return
    }
    $axis = New-ReportAxis -From $Report.From -To $Report.To
    $Out.Write("<section aria-labelledby=""timeline"">`n<h2 id=""timeline"">Timeline</h2>`n<figure class=""chart"">`n")
    Write-ReportAxis -Out $Out -Axis $axis
    foreach ($story in $Report.Stories) {
        if ($story.Number -gt $script:ReportLaneMost) {
            break
        }
        $caller = ConvertTo-ReportText $story.Caller
        $name = "<a href=""#story$($story.Number)"">Story $($story.Number)</a> <span class=""sub"">$caller</span>"
        $label = "Story $($story.Number): $($story.Summary)"
        Write-ReportLane -Out $Out -Axis $axis -Finding $story.Steps -Activity $story.Activity -Name $name -Label $label
    }
    $others = @(foreach ($one in $Report.Findings) { if ($one.Story.Length -eq 0 -and $null -ne $one.Time) { $one } })
    if ($others.Count -gt 0) {
        $name = 'Other findings'
        if ($Report.Stories.Count -eq 0) { $name = 'Findings' }
        Write-ReportLane -Out $Out -Axis $axis -Finding $others -Name $name -Label (ConvertTo-ReportCount $others.Count 'finding')
    }
    $Out.Write("<figcaption class=""legend"">")
    $key = @('elevation', 'Elevation'), @('assignment', 'Role given'), @('removal', 'Role removed'), @('other', 'Other')
    foreach ($one in $key) {
        $Out.Write("<span><svg width=""16"" height=""16"" aria-hidden=""true""><g transform=""translate(8 8)"">$($script:ReportMark[$one[0]])</g></svg> $($one[1])</span> ")
    }
    foreach ($one in @('ended', 'Stood until then'), @('stands', 'Still stands'), @('doubt', 'Not known whether it stands')) {
        $Out.Write("<span><svg width=""28"" height=""16"" aria-hidden=""true""><line class=""bar $($one[0])"" x1=""2"" x2=""26"" y1=""8"" y2=""8""/></svg> $($one[1])</span> ")
    }
    if ($Report.Activity.Count -gt 0) {
        $Out.Write("<span><svg width=""28"" height=""16"" aria-hidden=""true""><rect class=""did"" x=""2"" y=""5"" width=""24"" height=""6"" fill-opacity=""0.6""/></svg> Operations with the power, from the first to the last of each kind</span> ")
    }
    $Out.Write("<span>Colours are those of the severities.</span></figcaption>`n</figure>`n")
    if ($Report.Stories.Count -gt $script:ReportLaneMost) {
        $Out.Write("<p class=""note"">Drawn are the $($script:ReportLaneMost) stories with the most severe findings, of $($Report.Stories.Count).</p>`n")
    }
    foreach ($story in $Report.Stories) {
        Write-ReportStory -Out $Out -Story $story
    }
    $Out.Write("</section>`n")
}
