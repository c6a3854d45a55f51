# What the holders of a story's power did with it, by tactic in the order in which each began, and what the
# logs do not show.
function Write-ReportActivity {
    param($Out, $Activity, [string] $Id)

    $tactics = [ordered]@{}
    $notes = [System.Collections.Generic.List[string]]::new()
    $keys = [string[]]@(foreach ($one in $Activity) {
            $time = ConvertTo-UtcTime (Get-PropertyValue $one 'FirstTime')
            $ticks = [long]0
            if ($null -ne $time) { $ticks = $time.Ticks }
            $ticks.ToString('D19', [System.Globalization.CultureInfo]::InvariantCulture)
        })
    $total = [long]0
    $ordered = Get-ReportOrder -Key $keys -Item $Activity.ToArray()
    foreach ($one in $ordered) {
        foreach ($note in @(Get-PropertyValue $one 'Notes')) {
            if (-not [string]::IsNullOrEmpty([string]$note) -and -not $notes.Contains([string]$note)) { $notes.Add([string]$note) }
        }
        $count = [long](Get-PropertyValue $one 'Count')
        if ($count -eq 0) {
            continue
        }
        $total += $count
        $tactic = [string](Get-PropertyValue $one 'Tactic')
        if (-not $tactics.Contains($tactic)) { $tactics[$tactic] = [System.Collections.Generic.List[object]]::new() }
        $tactics[$tactic].Add($one)
    }
    $Out.Write("<h4 id=""$Id-done"">Done with this power: $(ConvertTo-ReportCount $total 'operation')</h4>`n")
    if ($total -gt 0) {
        $Out.Write("<div class=""scroll"" role=""region"" aria-labelledby=""$Id-done"" tabindex=""0"">`n<table class=""done"">`n<thead><tr><th scope=""col"">Tactic</th><th scope=""col"">Operation</th>")
        $Out.Write("<th scope=""col"" class=""right"">Count</th><th scope=""col"">By</th><th scope=""col"">First and last (UTC)</th><th scope=""col"">Resources</th></tr></thead>`n<tbody>`n")
    }
    $written = 0
    foreach ($tactic in $tactics.Keys) {
        foreach ($one in $tactics[$tactic]) {
            $written++
            if ($written -gt $script:ReportActivityMost) {
                break
            }
            $title = ConvertTo-ReportText (Get-PropertyValue $one 'Title')
            if ($title.Length -eq 0) { $title = ConvertTo-ReportText (Get-PropertyValue $one 'Operation') }
            $count = ConvertTo-ReportText (Get-PropertyValue $one 'Count')
            $failed = [long](Get-PropertyValue $one 'Failed')
            if ($failed -gt 0) { $count += "<span class=""sub"">$failed failed</span>" }
            $who = ConvertTo-ReportText (Get-PropertyValue $one 'HolderName')
            if ($who.Length -eq 0) { $who = ConvertTo-ReportText (Get-PropertyValue $one 'Holder') }
            $from = @(foreach ($ip in @(Get-PropertyValue $one 'IpAddresses')) { ConvertTo-ReportText $ip }) -join ', '
            $resources = @(foreach ($item in @(Get-PropertyValue $one 'Resources')) { if ($null -ne $item) { '<li>' + (ConvertTo-ReportText $item) + '</li>' } })
            $more = ''
            if ($resources.Count -gt 0) {
                $many = [long](Get-PropertyValue $one 'ResourceCount')
                $more = "<details><summary>$(ConvertTo-ReportCount $many 'resource')</summary><ul class=""plain"">$($resources -join '')</ul></details>"
            }
            $first = ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $one 'FirstTime'))
            $last = ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $one 'LastTime'))
            $Out.Write("<tr><td>$(ConvertTo-ReportText $tactic)</td><th scope=""row"">$title<span class=""sub"">$(ConvertTo-ReportText (Get-PropertyValue $one 'Operation'))</span></th><td class=""num right"">$count</td>")
            $Out.Write("<td>$who<span class=""sub"">$from</span></td><td class=""num"">$first<span class=""sub"">$last</span></td><td>$more</td></tr>`n")
        }
    }
    if ($total -gt 0) {
        $Out.Write("</tbody>`n</table>`n</div>`n")
    }
    if ($written -gt $script:ReportActivityMost) {
        $Out.Write("<p class=""note"">And more: Get-AzPrivilegedActivity gives all rows.</p>`n")
    }
    foreach ($note in $notes) {
        $Out.Write("<p class=""remark"">$(ConvertTo-ReportText $note)</p>`n")
    }
}
