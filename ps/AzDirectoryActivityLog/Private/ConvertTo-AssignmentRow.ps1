# A role assignment in one form: a row of Get-AzRoleAssignment of any version, of a list saved from it
# or by `az role assignment list`, or as the service's REST answer and azdal's roleAssignments.ndjson.gz
# have it. ScopeKey is empty where the row does not tell its scope.
function ConvertTo-AssignmentRow {
    param($InputObject)

    $inner = Get-PropertyValue $InputObject 'properties'
    $source = $InputObject
    if ($null -ne $inner -and $null -ne (Get-PropertyValue $inner 'principalId')) {
        $source = $inner
    }
    # The first of these names that has a value.
    $read = {
        param($From, $Names)
        foreach ($one in $Names) {
            $value = Get-PropertyValue $From $one
            if (-not [string]::IsNullOrEmpty([string]$value)) {
                return $value
            }
        }
        return $null
    }
    $id = [string](& $read $InputObject @('RoleAssignmentId', 'id'))
    $name = [string](& $read $InputObject @('RoleAssignmentName', 'name'))
    $own = [regex]::Match($id, '^(.*?)/providers/Microsoft\.Authorization/roleAssignments/([^/]+)/?$',
        [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant, RightToLeft')
    if ($name.Length -eq 0 -and $id.Length -gt 0) {
        # Older Az has no RoleAssignmentName.
        $name = $id.TrimEnd('/')
        $name = $name.Substring($name.LastIndexOf([char]'/') + 1)
    }
    $scope = [string](Get-PropertyValue $source 'Scope')
    if ($scope.Length -eq 0 -and $own.Success) {
        $scope = $own.Groups[1].Value
        if ($scope.Length -eq 0) {
            $scope = '/'
        }
    }
    $key = ''
    if ($scope.Length -gt 0) {
        $key = Get-ScopeKey $scope
    }
    return @{
        Name = $name; Id = $id; Scope = $scope; ScopeKey = $key
        DisplayName = Get-PropertyValue $source 'DisplayName'
        SignInName = & $read $source @('SignInName', 'principalName')
        ObjectType = & $read $source @('ObjectType', 'principalType')
        Principal = Get-GuidText (& $read $source @('ObjectId', 'principalId'))
        Role = Get-GuidText (Get-PropertyValue $source 'RoleDefinitionId')
        RoleName = Get-PropertyValue $source 'RoleDefinitionName'
        Condition = Get-PropertyValue $source 'Condition'
        CreatedOn = ConvertTo-UtcTime (Get-PropertyValue $source 'CreatedOn')
        CreatedBy = Get-PropertyValue $source 'CreatedBy'
    }
}
