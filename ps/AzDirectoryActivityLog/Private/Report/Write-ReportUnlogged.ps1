# Role assignments that stand and that no event explains.
function Write-ReportUnlogged {
    param($Out, $Report)

    if ($Report.Unlogged.Count -eq 0) {
        return
    }
    $why = @{
        BeforeWindow = 'Made before the log begins'
        NotInLog     = 'Made since the log begins, without an event'
        AgeUnknown   = 'When it was made is not known'
    }
    $Out.Write("<section aria-labelledby=""unlogged"">`n<h2 id=""unlogged"">Role assignments that no event explains</h2>`n")
    $Out.Write("<p>Role assignments that stand at the top of the tenant and that no event of the log explains.</p>`n")
    $Out.Write("<div class=""scroll"" role=""region"" aria-labelledby=""unlogged"" tabindex=""0"">`n<table>`n<thead><tr><th scope=""col"">Holder</th><th scope=""col"">Role</th><th scope=""col"">At</th>")
    $Out.Write("<th scope=""col"">Why</th><th scope=""col"">Made (UTC), and by</th><th scope=""col"">Role assignment</th></tr></thead>`n<tbody>`n")
    foreach ($one in $Report.Unlogged) {
        $holder = ''
        $more = ''
        foreach ($name in 'PrincipalDisplayName', 'PrincipalSignInName', 'PrincipalId') {
            $text = ConvertTo-ReportText (Get-PropertyValue $one $name)
            if ($text.Length -gt 0) {
                if ($holder.Length -eq 0) { $holder = $text } else { $more += $text + ' ' }
            }
        }
        $role = ConvertTo-ReportText (Get-PropertyValue $one 'RoleDefinitionName')
        if ($role.Length -eq 0) { $role = ConvertTo-ReportText (Get-PropertyValue $one 'RoleDefinitionId') }
        $reason = [string](Get-PropertyValue $one 'Reason')
        if ($why.ContainsKey($reason)) { $reason = $why[$reason] }
        $scope = ConvertTo-ReportScope (Get-PropertyValue $one 'Scope') (Get-PropertyValue $one 'ScopeKind')
        $Out.Write("<tr><th scope=""row"">$holder<span class=""sub"">$more</span></th><td>$role</td><td>$(ConvertTo-ReportText $scope)</td>")
        $Out.Write("<td>$(ConvertTo-ReportText $reason)</td><td class=""num"">$(ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $one 'CreatedOn')))<span class=""sub"">$(ConvertTo-ReportText (Get-PropertyValue $one 'CreatedBy'))</span></td>")
        $Out.Write("<td><code>$(ConvertTo-ReportText (Get-PropertyValue $one 'RoleAssignmentId'))</code><span class=""sub"">$(ConvertTo-ReportText (Get-PropertyValue $one 'Remedy'))</span></td></tr>`n")
    }
    $Out.Write("</tbody>`n</table>`n</div>`n</section>`n")
}
