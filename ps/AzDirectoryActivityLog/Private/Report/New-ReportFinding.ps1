# A finding in the form that the report is written from: its properties by name, and in words what it
# is, whether it stands, and how it is sorted.
function New-ReportFinding {
    param($InputObject)

    $value = Get-ReportValue $InputObject
    $self = [string](Get-PropertyValue $InputObject 'SelfAssigned') -eq 'True'
    $rank = [array]::IndexOf($script:ReportSeverity, ([string]$value['Severity']).ToLowerInvariant())
    $kind = switch (Get-OperationKind $InputObject) {
        'Elevation' { 'elevation' }
        'Removal' { 'removal' }
        'Assignment' { 'assignment' }
        'Activation' { 'assignment' }
        default { 'other' }
    }
    $finding = @{
        Value = $value; Kind = $kind; Rank = $rank; Order = 9 - $rank
        Time = ConvertTo-UtcTime $value['Time']; Ended = ConvertTo-UtcTime $value['EndedTime']
        Joined = $value.ContainsKey('State'); State = [string]$value['State']
        Failed = [string]$value['Outcome'] -eq 'Failed'; Grant = $false; Stands = $false; Doubt = $false; Self = $self
        Story = [string]$value['StoryId']; ScopeText = $null; Principal = $null; Role = $null; Key = $null; Holder = $null
        Id = $null; Severity = 'other'; Status = $null; Whom = $false; Later = $null; Lasted = $null; EndedBy = $null
        X = $null; Y = $null; Bar = $null; BarEnd = $null
    }
    if ($rank -ge 0) { $finding.Severity = $script:ReportSeverity[$rank] }
    if (-not $finding.Joined) {
        $finding.State = [string]$value['StateAtExport']
    }
    $finding.ScopeText = ConvertTo-ReportScope $value['Scope'] $value['ScopeKind']
    foreach ($name in 'PrincipalDisplayName', 'PrincipalSignInName', 'PrincipalId') {
        if ($null -eq $finding.Principal -and -not [string]::IsNullOrEmpty([string]$value[$name])) {
            $finding.Principal = [string]$value[$name]
        }
    }
    foreach ($name in 'RoleDefinitionName', 'RoleDefinitionId') {
        if ($null -eq $finding.Role -and -not [string]::IsNullOrEmpty([string]$value[$name])) {
            $finding.Role = [string]$value[$name]
        }
    }
    if (($kind -eq 'elevation' -or $kind -eq 'assignment') -and -not $finding.Failed) {
        # Where the log does not say how it ended, the list may have it all the same, and is not known not to.
        $finding.Grant = $true
        $finding.Stands = $finding.State -eq 'Active' -or $finding.State -eq 'Changed'
        $finding.Doubt = -not $finding.Stands -and $finding.State -ne 'Removed' -and $null -eq $finding.Ended
    }
    # One role that somebody holds somewhere, however many findings speak of it.
    $finding.Holder = ('{0}|{1}|{2}' -f $value['PrincipalId'], $value['RoleDefinitionId'], $value['Scope']).ToLowerInvariant()
    $finding.Key = ([string]$value['RoleAssignmentId']).ToLowerInvariant()
    if ($finding.Key.Length -eq 0) {
        $finding.Key = $finding.Holder
    }
    if ($null -ne $finding.Time -and $null -ne $finding.Ended) { $finding.Lasted = ConvertTo-ReportSpan ($finding.Ended - $finding.Time) }
    if ([string]$value['EndedBy'] -ne [string]$value['Caller']) { $finding.EndedBy = $value['EndedBy'] }
    $finding.Whom = $self -or $null -ne $finding.Principal
    $finding.Status = ConvertTo-ReportState $finding
    return $finding
}
