# One finding: its line, and its evidence.
function Write-ReportRow {
    param($Out, $Finding)

    $value = $Finding.Value
    $severity = ConvertTo-ReportText $value['Severity']
    $class = 'other'
    if ($Finding.Rank -ge 0) { $class = $script:ReportSeverity[$Finding.Rank] }
    $state = ConvertTo-ReportState $Finding
    $label = ConvertTo-ReportText $state.Label
    $caller = ConvertTo-ReportText $value['Caller']
    if ($caller.Length -eq 0) { $caller = '<span class="quiet">not in the log</span>' }
    $ip = ConvertTo-ReportText $value['CallerIpAddress']
    $who = '<span class="quiet">-</span>'
    if ($null -ne $Finding.Principal) {
        $who = ConvertTo-ReportText $Finding.Principal
    } elseif ($Finding.Grant -or $Finding.Kind -eq 'removal') {
        $who = '<span class="quiet">not in the log</span>'
    }
    $role = ConvertTo-ReportText $Finding.Role
    $outcome = ''
    if ([string]$value['Outcome'] -ne 'Succeeded') {
        $outcome = " <span class=""sub outcome"">$(ConvertTo-ReportText $value['Outcome'])</span>"
    }
    $attributes = 'data-severity="{0}" data-rule="{1}" data-caller="{2}" data-state="{3}" data-time="{4}" data-rank="{5}"' -f @(
        (ConvertTo-ReportText $value['Severity'] -Plain), (ConvertTo-ReportText $value['Rule'] -Plain)
        (ConvertTo-ReportText $value['Caller'] -Plain), (ConvertTo-ReportText $state.Label -Plain)
        (ConvertTo-ReportTime $Finding.Time -Full), $Finding.Rank)
    $Out.Write("<tbody id=""$($Finding.Id)"" $attributes>`n<tr class=""line""><td><span class=""sev sev-$class"">$severity</span></td>")
    $Out.Write("<td class=""num"">$(ConvertTo-ReportTime $Finding.Time)</td>")
    $Out.Write("<th scope=""row""><span class=""title"">$(ConvertTo-ReportText $value['Title'])</span>$outcome<span class=""sub"">$(ConvertTo-ReportText $Finding.ScopeText)</span></th>")
    $Out.Write("<td>$caller<span class=""sub"">$ip</span></td><td>$who<span class=""sub"">$role</span></td>")
    $Out.Write("<td><span class=""state $($state.Class)"">$label</span></td></tr>`n")
    Write-ReportEvidence -Out $Out -Finding $Finding -State $state
    $Out.Write("</tbody>`n")
}
