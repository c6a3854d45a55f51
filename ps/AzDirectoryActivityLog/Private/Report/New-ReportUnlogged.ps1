# The row of a role assignment that stands and that no event explains.
function New-ReportUnlogged {
    param($InputObject)

    $row = @{ Scope = ConvertTo-ReportScope (Get-PropertyValue $InputObject 'Scope') (Get-PropertyValue $InputObject 'ScopeKind') }
    foreach ($name in 'RoleAssignmentId', 'CreatedBy', 'Remedy', 'Reason') {
        $row[$name] = Get-PropertyValue $InputObject $name
    }
    if ($script:UnloggedReason.ContainsKey([string]$row.Reason)) {
        $reason = $script:UnloggedReason[[string]$row.Reason]
        $row.Reason = $reason.Substring(0, 1).ToUpperInvariant() + $reason.Substring(1)
    }
    $row.CreatedOn = ConvertTo-UtcTime (Get-PropertyValue $InputObject 'CreatedOn')
    $names = @(foreach ($name in 'PrincipalDisplayName', 'PrincipalSignInName', 'PrincipalId') {
            $text = [string](Get-PropertyValue $InputObject $name)
            if ($text.Length -gt 0) { $text }
        })
    $row.Holder, $row.Names = $names
    $row.Role = Get-PropertyValue $InputObject 'RoleDefinitionName'
    if ([string]::IsNullOrEmpty([string]$row.Role)) { $row.Role = Get-PropertyValue $InputObject 'RoleDefinitionId' }
    return $row
}
