# The roles that still stand: who holds what, where, since when, and who gave it.
function Write-ReportStanding {
    param($Out, $Report)

    if ($Report.Standing.Count -eq 0) {
        return
    }
    $heading = 'Still standing'
    if (-not $Report.Joined) { $heading = 'Standing at export' }
    $Out.Write("<h2 id=""standing"">$heading</h2>`n<p class=""note"">$(Get-ReportLookup $Report)</p>`n<div class=""scroll"" role=""region"" aria-labelledby=""standing"" tabindex=""0"">`n")
    $Out.Write("<table>`n<thead><tr><th scope=""col"">Holder</th><th scope=""col"">Role</th><th scope=""col"">At</th>")
    $Out.Write("<th scope=""col"">Given (UTC)</th><th scope=""col"">By</th><th scope=""col"">Finding</th></tr></thead>`n<tbody>`n")
    foreach ($one in $Report.Standing) {
        $value = $one.Value
        $holder = ConvertTo-ReportText $one.Principal
        if ($null -ne $one.Principal -and $one.Principal -ne [string]$value['PrincipalId']) {
            $holder += " <span class=""sub"">$(ConvertTo-ReportText $value['PrincipalSignInName']) $(ConvertTo-ReportText $value['PrincipalId'])</span>"
        } elseif ($null -eq $one.Principal) {
            $holder = ConvertTo-ReportText $value['Caller']
        }
        $role = ConvertTo-ReportText $one.Role
        if ($one.State -eq 'Changed') {
            # Without a join it is known that it changed, and not to what.
            $note = ' <span class="sub">changed since; what is shown is what was given</span>'
            $now = @(foreach ($name in 'CurrentPrincipalId', 'CurrentRoleDefinitionName', 'CurrentRoleDefinitionId') { ConvertTo-ReportText $value[$name] })
            if ($now[0].Length -gt 0) {
                $holder = $now[0]
                $note = ' <span class="sub">changed since it was given</span>'
            }
            if ($now[1].Length -gt 0) { $role = $now[1] } elseif ($now[2].Length -gt 0) { $role = $now[2] }
            $role += $note
        }
        $by = ConvertTo-ReportText $value['Caller']
        $Out.Write("<tr><th scope=""row"">$holder</th><td>$role</td><td>$(ConvertTo-ReportText $one.ScopeText)</td>")
        $Out.Write("<td class=""num"">$(ConvertTo-ReportTime $one.Time)</td><td>$by</td>")
        $Out.Write("<td><a class=""num"" href=""#$($one.Id)"">$(ConvertTo-ReportText $one.Value['Severity'])<span class=""vh"">: $(ConvertTo-ReportText $value['Title'])</span></a></td></tr>`n")
    }
    $Out.Write("</tbody>`n</table>`n</div>`n")
}
