# What Join-AzRoleAssignment gives for an event that is about no role assignment: the same as the long
# way (ConvertTo-AssignmentSubject, New-JoinedFinding), a test compares them, at a tenth of its cost.
function New-PlainJoin {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.JoinedFinding')]
    param($InputObject)

    $outcome = ConvertTo-Outcome $InputObject.Status
    $ids = @()
    if ($InputObject.EventDataId) {
        $ids = @($InputObject.EventDataId)
    }
    $scope = [string]$InputObject.Authorization.Scope
    $resource = $InputObject.ResourceId
    if (-not $resource) {
        $resource = $scope
    }
    $result = [pscustomobject]@{
        Time = $InputObject.EventTimestamp; Rule = $null; Severity = $null; Title = $null; Outcome = $outcome
        Operation = $InputObject.OperationName; Caller = $InputObject.Caller; CallerObjectId = $null; CallerAppId = $null
        CallerIpAddress = $null; TenantId = $InputObject.TenantId; Scope = $scope
        ScopeKind = Get-ScopeKind $scope $InputObject.TenantId; ResourceId = $resource; RoleAssignmentName = $null
        RoleAssignmentId = $null; PrincipalId = $null; PrincipalType = $null; RoleDefinitionId = $null
        RoleDefinitionName = $null; SelfAssigned = $null; EndedTime = $null; EndedBy = $null; StateAtExport = $null
        StoryId = $null; CorrelationId = $InputObject.CorrelationId; OperationId = $InputObject.OperationId
        EventDataIds = $ids; Techniques = @(); Notes = @(); LogScope = $InputObject.LogScope
        SourcePath = $InputObject.SourcePath; SourceLine = $InputObject.SourceLine
        State = 'NotApplicable'; StateReason = $null; Source = $null; PrincipalDisplayName = $null
        PrincipalSignInName = $null; CurrentPrincipalId = $null; CurrentRoleDefinitionId = $null
        CurrentRoleDefinitionName = $null; Condition = $null; LookupScope = $null; LookupTime = $null
        Remedy = $null
    }
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.JoinedFinding')
    return $result
}
