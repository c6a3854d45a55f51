# The row of a role that still stands: who holds what now.
function New-ReportStanding {
    param($Finding)

    $value = $Finding.Value
    $row = @{ Finding = $Finding; Holder = $Finding.Principal; Names = $null; Role = $Finding.Role; Note = $null }
    if ($null -eq $row.Holder) {
        $row.Holder = $value['Caller']
    } elseif ($row.Holder -ne [string]$value['PrincipalId']) {
        $row.Names = @(foreach ($name in 'PrincipalSignInName', 'PrincipalId') { if ([string]$value[$name] -ne '') { $value[$name] } })
    }
    if ($Finding.State -eq 'Changed') {
        # Without a join it is known that it changed, and not to what.
        $row.Note = 'changed since; what is shown is what was given'
        if ([string]$value['CurrentPrincipalId'] -ne '') {
            $row.Holder = $value['CurrentPrincipalId']
            $row.Names = $null
            $row.Note = 'changed since it was given'
        }
        foreach ($name in 'CurrentRoleDefinitionId', 'CurrentRoleDefinitionName') {
            if ([string]$value[$name] -ne '') { $row.Role = $value[$name] }
        }
    }
    return $row
}
