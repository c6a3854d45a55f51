# One cell of the table of findings, joined findings and unlogged assignments: Time, Severity, State or
# Text, the sentence that says who gave or took which role, to whom, where. Foreign text loses control
# and bidirectional characters: a name must not move the table.
function ConvertTo-FindingText {
    [CmdletBinding()]
    [OutputType([string])]
    param($InputObject, [string] $Part)

    $read = {
        param($Name)
        $member = $InputObject.PSObject.Properties[$Name]
        if ($null -ne $member -and $null -ne $member.Value) { [regex]::Replace([string]$member.Value, '[\p{Cc}\p{Cf}\u2028\u2029]', '?') }
    }
    $unlogged = $null -ne $InputObject.PSObject.Properties['CreatedOn']
    switch ($Part) {
        'Time' {
            $name = 'Time'
            if ($unlogged) { $name = 'CreatedOn' }
            $time = ConvertTo-UtcTime (Get-PropertyValue $InputObject $name)
            if ($null -eq $time) { return '' }
            return $time.ToString('yyyy-MM-dd HH:mm', [System.Globalization.CultureInfo]::InvariantCulture)
        }
        'Severity' {
            $severity = '' + (& $read 'Severity')
            if ($severity -eq 'informational') { return 'info' }
            return $severity
        }
        'State' {
            if ($unlogged) { return 'Active' }
            $state = '' + (& $read 'State')
            if ($state.Length -eq 0) { $state = '' + (& $read 'StateAtExport') }
            if ($state.Length -eq 0 -and (& $read 'EndedTime')) { $state = 'Removed' }
            if ($state.Length -eq 0) { $state = '' + (& $read 'Outcome') }
            return $state
        }
    }
    $role = & $read 'RoleDefinitionName'
    if (-not $role) { $role = & $read 'RoleDefinitionId' }
    if (-not $role) { $role = 'a role that the record does not name' }
    $whom = & $read 'PrincipalDisplayName'
    if (-not $whom) { $whom = & $read 'PrincipalSignInName' }
    if (-not $whom) { $whom = (('' + (& $read 'PrincipalType') + ' ' + (& $read 'PrincipalId'))).Trim() }
    if (-not $whom) { $whom = 'somebody whom the record does not name' }
    $where = ConvertTo-ShortScope -Scope (& $read 'Scope') -Kind (& $read 'ScopeKind')
    $at = ''
    if ($where) { $at = " at $where" }
    if ($unlogged) {
        $text = "$whom has $role$at, which no event explains"
        $reason = & $read 'Reason'
        if ($reason -and $script:UnloggedReason.ContainsKey($reason)) { $text += ': ' + $script:UnloggedReason[$reason] }
        $by = & $read 'CreatedBy'
        if ($by) { $text += "; made by $by" }
        return Split-Sentence -Text $text
    }
    $who = & $read 'Caller'
    if (-not $who) { $who = 'somebody' }
    $ip = & $read 'CallerIpAddress'
    if ($ip) { $who += " ($ip)" }
    $operation = '' + (& $read 'Operation')
    $tried = @('gave', 'took', 'elevated to')
    if ((& $read 'Outcome') -eq 'Failed') { $tried = @('failed to give', 'failed to take', 'failed to elevate to') }
    if ([regex]::IsMatch($operation, '/elevateAccess/action$', $script:AnyCase)) {
        $text = "$who $($tried[2]) User Access Administrator at /"
    } elseif ([regex]::IsMatch($operation, '/roleAssignments/delete$', $script:AnyCase)) {
        $text = "$who $($tried[1]) $role$at from $whom"
    } elseif ([regex]::IsMatch($operation, '/role(Assignments|AssignmentScheduleRequests|EligibilityScheduleRequests)/write$', $script:AnyCase)) {
        $itself = '' + (& $read 'SelfAssigned') -eq 'True'
        if ($itself) { $whom += ' (itself)' }
        $text = "$who $($tried[0]) $role$at to $whom"
    } else {
        $title = & $read 'Title'
        if (-not $title) { $title = $operation }
        $text = "${who}: $title$at"
        if ((& $read 'Outcome') -eq 'Failed') { $text += ' (failed)' }
    }
    $ended = ConvertTo-UtcTime (Get-PropertyValue $InputObject 'EndedTime')
    if ($null -ne $ended) {
        $text += '; removed ' + $ended.ToString('yyyy-MM-dd HH:mm', [System.Globalization.CultureInfo]::InvariantCulture)
        $by = & $read 'EndedBy'
        if ($by) { $text += " by $by" }
    }
    $reason = & $read 'StateReason'
    if ($reason) { $text += "; $reason" }
    return Split-Sentence -Text $text
}
