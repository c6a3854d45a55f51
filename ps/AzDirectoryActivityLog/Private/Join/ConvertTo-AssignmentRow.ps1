# A role assignment in one form: a row of Get-AzRoleAssignment of any version, of a list saved from it
# or by `az role assignment list`, or as the service's REST answer and azdal's roleAssignments.ndjson.gz
# have it. ScopeKey is empty where the row does not tell its scope. Lists have thousands of rows: each
# property is read once, and what a row does not need is not called.
function ConvertTo-AssignmentRow {
    param($InputObject)

    $value = [hashtable]::new([System.StringComparer]::OrdinalIgnoreCase)
    $inner = Get-PropertyValue $InputObject 'properties'
    foreach ($part in $InputObject, $inner) {
        if ($part -is [System.Collections.IDictionary]) {
            foreach ($key in $part.Keys) { $value[[string]$key] = $part[$key] }
        } elseif ($null -ne $part) {
            foreach ($member in $part.PSObject.Properties) { $value[$member.Name] = $member.Value }
        }
    }
    # The same things under other names, where they have no value under the first.
    foreach ($pair in @('RoleAssignmentId', 'id'), @('RoleAssignmentName', 'name'), @('SignInName', 'principalName'), @('ObjectType', 'principalType'), @('ObjectId', 'principalId')) {
        if ([string]::IsNullOrEmpty([string]$value[$pair[0]])) {
            $value[$pair[0]] = $value[$pair[1]]
        }
    }
    $id = [string]$value['RoleAssignmentId']
    $name = [string]$value['RoleAssignmentName']
    if ($name.Length -eq 0 -and $id.Length -gt 0) {
        # Older Az has no RoleAssignmentName.
        $name = $id.TrimEnd('/')
        $name = $name.Substring($name.LastIndexOf([char]'/') + 1)
    }
    $scope = [string]$value['Scope']
    if ($scope.Length -eq 0) {
        $own = [regex]::Match($id, '^(.*?)/providers/Microsoft\.Authorization/roleAssignments/([^/]+)/?$',
            [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant, RightToLeft')
        if ($own.Success) {
            $scope = $own.Groups[1].Value
            if ($scope.Length -eq 0) {
                $scope = '/'
            }
        }
    }
    $key = ''
    if ($scope.Length -gt 0) {
        $key = Get-ScopeKey $scope
    }
    $created = $null
    if ($null -ne $value['CreatedOn']) {
        $created = ConvertTo-UtcTime $value['CreatedOn']
    }
    return @{
        Name = $name; Id = $id; Scope = $scope; ScopeKey = $key; DisplayName = $value['DisplayName']
        SignInName = $value['SignInName']; ObjectType = $value['ObjectType']; Principal = Get-IdKey $value['ObjectId']
        Role = Get-IdKey $value['RoleDefinitionId']; RoleName = $value['RoleDefinitionName']
        Condition = $value['Condition']; CreatedOn = $created; CreatedBy = $value['CreatedBy']; Tenant = [string]$value['TenantId']
    }
}
