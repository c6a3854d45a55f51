# Fills the properties of a finding from one event, whichever command gave it: it is read as the text that
# azdal would get. A single record knows less than a finding: who got which role stands in the Started record of
# a write and the last record of a deletion only. Returns whether it is an event at all.
function Read-EventSubject {
    param($InputObject, [System.Collections.Specialized.OrderedDictionary] $Base)

    foreach ($name in $script:FindingProperty) {
        $Base[$name] = $null
    }
    foreach ($name in $script:FindingList) {
        $Base[$name] = @()
    }
    $text = Get-EventText -InputObject $InputObject
    if ($null -eq $text) {
        return $false
    }
    try {
        $whole = ConvertFrom-JsonText -Text $text
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $whole = ConvertFrom-OddEvent -Line $text
    }
    $authorization = Get-PropertyValue $whole 'authorization'
    $action = [string](Get-PropertyValue $authorization 'Action')
    $scope = [string](Get-PropertyValue $authorization 'Scope')
    $resource = Get-TextValue (Get-PropertyValue $whole 'resourceId')
    if ([string]::IsNullOrEmpty($resource)) {
        $resource = $scope
    }
    # A cascade deletion is authorised by what caused it; the operation's own name then says more.
    $operation = Get-TextValue (Get-PropertyValue $whole 'operationName')
    if ([string]::IsNullOrEmpty($operation) -or $operation -notmatch '^[\w.]+(/[\w.]+)+$') {
        $operation = $action
    }
    $Base.Time = ConvertTo-UtcTime (Get-PropertyValue $whole 'eventTimestamp')
    $Base.Operation = $operation
    $Base.Caller = Get-TextValue (Get-PropertyValue $whole 'caller')
    $Base.TenantId = Get-TextValue (Get-PropertyValue $whole 'tenantId')
    $Base.ResourceId = $resource
    $Base.CorrelationId = Get-TextValue (Get-PropertyValue $whole 'correlationId')
    $Base.OperationId = Get-TextValue (Get-PropertyValue $whole 'operationId')
    $id = Get-TextValue (Get-PropertyValue $whole 'eventDataId')
    if (-not [string]::IsNullOrEmpty($id)) {
        $Base.EventDataIds = @($id)
    }
    foreach ($name in 'LogScope', 'SourcePath', 'SourceLine') {
        $Base[$name] = Get-PropertyValue $InputObject $name
    }
    $Base.Outcome = ConvertTo-Outcome (Get-TextValue (Get-PropertyValue $whole 'status'))
    if (-not [regex]::IsMatch($operation, '^Microsoft\.Authorization/', $script:AnyCase)) {
        $Base.Scope = $scope
        $Base.ScopeKind = Get-ScopeKind $scope $Base.TenantId
        return $true
    }
    $claims = Get-PropertyValue $whole 'Claims'
    $Base.CallerObjectId = Get-MemberText $claims 'http://schemas.microsoft.com/identity/claims/objectidentifier'
    if ($null -eq $Base.CallerObjectId) {
        $Base.CallerObjectId = Get-MemberText $claims 'oid'
    }
    $Base.CallerAppId = Get-MemberText $claims 'appid'
    $Base.CallerIpAddress = Get-TextValue (Get-PropertyValue (Get-PropertyValue $whole 'HttpRequest') 'ClientIpAddress')
    if ([regex]::IsMatch($operation, '^Microsoft\.Authorization/elevateAccess/', $script:AnyCase)) {
        $Base.Scope = '/'
        $Base.ScopeKind = 'root'
        return $true
    }
    foreach ($path in $scope, $resource) {
        $own = [regex]::Match([string]$path, '^(.*?)/providers/Microsoft\.Authorization/role\w+/([^/]+)/?$',
            [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant, RightToLeft')
        if ($own.Success) {
            $Base.Scope = $own.Groups[1].Value
            if ($Base.Scope.Length -eq 0) {
                $Base.Scope = '/'
            }
            $Base.RoleAssignmentName = $own.Groups[2].Value
            $Base.RoleAssignmentId = [string]$path
            break
        }
    }
    if ($null -eq $Base.Scope) {
        $Base.Scope = $scope
    }
    $Base.ScopeKind = Get-ScopeKind $Base.Scope $Base.TenantId
    $properties = Get-PropertyValue $whole 'Properties'
    foreach ($name in 'requestbody', 'responseBody') {
        $text = Get-MemberText $properties $name
        if ([string]::IsNullOrEmpty($text)) {
            continue
        }
        try {
            $body = ConvertFrom-JsonText -Text $text
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            continue
        }
        $inner = Get-PropertyValue $body 'properties'
        $Base.PrincipalId = Get-TextValue (Get-PropertyValue $inner 'principalId')
        $Base.PrincipalType = Get-TextValue (Get-PropertyValue $inner 'principalType')
        $Base.RoleDefinitionId = Get-GuidText (Get-PropertyValue $inner 'roleDefinitionId')
    }
    # A cascade deletion names them directly, as GUIDs without dashes.
    if ($null -eq $Base.PrincipalId) {
        $Base.PrincipalId = Get-GuidText (Get-MemberText $properties 'principalId')
        $Base.RoleDefinitionId = Get-GuidText (Get-MemberText $properties 'roleDefinitionId')
        $id = Get-GuidText (Get-MemberText $properties 'id')
        if ($null -ne $id -and $null -eq $Base.RoleAssignmentName) {
            $Base.RoleAssignmentName = $id
            $Base.Scope = Get-MemberText $properties 'scope'
            $Base.ScopeKind = Get-ScopeKind $Base.Scope $Base.TenantId
        }
    }
    return $true
}
