# The roles that still stand: who holds what, where, since when, and who gave it.
function Write-ReportStanding {
    param($Out, $Report)

    if ($Report.Standing.Count -eq 0) {
        return
    }
    $Out.Write("<h2 id=""standing"">Still standing</h2>`n<p class=""note"">$(Get-ReportLookup $Report)</p>`n<div class=""scroll"" role=""region"" aria-labelledby=""standing"" tabindex=""0"">`n")
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
            $holder = ConvertTo-ReportText $value['CurrentPrincipalId']
            $role = ConvertTo-ReportText $value['CurrentRoleDefinitionName']
            if ($role.Length -eq 0) { $role = ConvertTo-ReportText $value['CurrentRoleDefinitionId'] }
            $role += ' <span class="sub">changed since it was given</span>'
        }
        $by = ConvertTo-ReportText $value['Caller']
        $Out.Write("<tr><th scope=""row"">$holder</th><td>$role</td><td>$(ConvertTo-ReportText $one.ScopeText)</td>")
        $Out.Write("<td class=""num"">$(ConvertTo-ReportTime $one.Time)</td><td>$by</td>")
        $Out.Write("<td><a class=""num"" href=""#$($one.Id)"">$(ConvertTo-ReportText $one.Value['Severity'])<span class=""vh"">: $(ConvertTo-ReportText $value['Title'])</span></a></td></tr>`n")
    }
    $Out.Write("</tbody>`n</table>`n</div>`n")
}
