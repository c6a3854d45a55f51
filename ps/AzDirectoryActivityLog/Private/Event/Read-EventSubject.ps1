# Fills the properties of a finding from one event: ours, one of Get-AzActivityLog, or one as the
# service's JSON was read. A single record knows less than a finding: who got which role stands in
# the Started record of a write and the last record of a deletion only.
function Read-EventSubject {
    param($InputObject, [System.Collections.Specialized.OrderedDictionary] $Base)

    foreach ($name in $script:FindingProperty) {
        $Base[$name] = $null
    }
    foreach ($name in $script:FindingList) {
        $Base[$name] = @()
    }
    $authorization = Get-PropertyValue $InputObject 'Authorization'
    $whole = $InputObject
    $raw = Get-PropertyValue $InputObject 'Raw'
    if ($authorization -is [string] -and $raw -is [string]) {
        # Read from CSV, where objects have become text: the event's own text has them.
        try {
            $whole = ConvertFrom-JsonText -Text $raw
            $authorization = Get-PropertyValue $whole 'authorization'
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            # What stands in plain columns is known all the same.
            $null = $_
        }
    }
    $action = [string](Get-PropertyValue $authorization 'Action')
    $scope = [string](Get-PropertyValue $authorization 'Scope')
    $resource = Get-TextValue (Get-PropertyValue $InputObject 'ResourceId')
    if ([string]::IsNullOrEmpty($resource)) {
        $resource = $scope
    }
    # A cascade deletion is authorised by what caused it; the operation's own name then says more.
    $operation = Get-TextValue (Get-PropertyValue $InputObject 'OperationName')
    if ([string]::IsNullOrEmpty($operation) -or $operation -notmatch '^[\w.]+(/[\w.]+)+$') {
        $operation = $action
    }
    $Base.Time = ConvertTo-UtcTime (Get-PropertyValue $InputObject 'EventTimestamp')
    $Base.Operation = $operation
    $Base.Caller = Get-TextValue (Get-PropertyValue $InputObject 'Caller')
    $Base.TenantId = Get-TextValue (Get-PropertyValue $InputObject 'TenantId')
    $Base.ResourceId = $resource
    $Base.CorrelationId = Get-TextValue (Get-PropertyValue $InputObject 'CorrelationId')
    $Base.OperationId = Get-TextValue (Get-PropertyValue $InputObject 'OperationId')
    $id = Get-TextValue (Get-PropertyValue $InputObject 'EventDataId')
    if (-not [string]::IsNullOrEmpty($id)) {
        $Base.EventDataIds = @($id)
    }
    foreach ($name in 'LogScope', 'SourcePath', 'SourceLine') {
        $Base[$name] = Get-PropertyValue $InputObject $name
    }
    $Base.Outcome = ConvertTo-Outcome (Get-TextValue (Get-PropertyValue $InputObject 'Status'))
    if (-not [regex]::IsMatch($operation, '^Microsoft\.Authorization/', $script:AnyCase)) {
        $Base.Scope = $scope
        $Base.ScopeKind = Get-ScopeKind $scope $Base.TenantId
        return
    }
    $claims = Get-PropertyValue $whole 'Claims'
    $Base.CallerObjectId = Get-DictionaryText $claims 'http://schemas.microsoft.com/identity/claims/objectidentifier'
    if ($null -eq $Base.CallerObjectId) {
        $Base.CallerObjectId = Get-DictionaryText $claims 'oid'
    }
    $Base.CallerAppId = Get-DictionaryText $claims 'appid'
    $Base.CallerIpAddress = Get-TextValue (Get-PropertyValue (Get-PropertyValue $whole 'HttpRequest') 'ClientIpAddress')
    if ([regex]::IsMatch($operation, '^Microsoft\.Authorization/elevateAccess/', $script:AnyCase)) {
        $Base.Scope = '/'
        $Base.ScopeKind = 'root'
        return
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
        $text = Get-DictionaryText $properties $name
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
        $Base.PrincipalId = Get-GuidText (Get-DictionaryText $properties 'principalId')
        $Base.RoleDefinitionId = Get-GuidText (Get-DictionaryText $properties 'roleDefinitionId')
        $id = Get-GuidText (Get-DictionaryText $properties 'id')
        if ($null -ne $id -and $null -eq $Base.RoleAssignmentName) {
            $Base.RoleAssignmentName = $id
            $Base.Scope = Get-DictionaryText $properties 'scope'
            $Base.ScopeKind = Get-ScopeKind $Base.Scope $Base.TenantId
        }
    }
}
