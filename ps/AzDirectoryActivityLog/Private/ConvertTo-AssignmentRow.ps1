# A role assignment in one form: a row of Get-AzRoleAssignment of any version, of a list saved from it,
# or as the service's REST answer and azdal's roleAssignments.ndjson.gz have it.
function ConvertTo-AssignmentRow {
    param($InputObject)

    $inner = Get-PropertyValue $InputObject 'properties'
    if ($null -ne $inner -and $null -ne (Get-PropertyValue $inner 'principalId')) {
        $id = [string](Get-PropertyValue $InputObject 'id')
        return @{
            Name = [string](Get-PropertyValue $InputObject 'name'); Id = $id
            Scope = [string](Get-PropertyValue $inner 'scope'); ScopeKey = Get-ScopeKey ([string](Get-PropertyValue $inner 'scope'))
            DisplayName = $null; SignInName = $null; ObjectType = Get-PropertyValue $inner 'principalType'
            Principal = Get-GuidText (Get-PropertyValue $inner 'principalId')
            Role = Get-GuidText (Get-PropertyValue $inner 'roleDefinitionId'); RoleName = $null
            Condition = Get-PropertyValue $inner 'condition'
            CreatedOn = ConvertTo-UtcTime (Get-PropertyValue $inner 'createdOn'); CreatedBy = Get-PropertyValue $inner 'createdBy'
        }
    }
    $id = [string](Get-PropertyValue $InputObject 'RoleAssignmentId')
    $name = [string](Get-PropertyValue $InputObject 'RoleAssignmentName')
    if ($name.Length -eq 0 -and $id.Length -gt 0) {
        # Older Az has no RoleAssignmentName.
        $name = $id.TrimEnd('/')
        $name = $name.Substring($name.LastIndexOf('/') + 1)
    }
    $scope = [string](Get-PropertyValue $InputObject 'Scope')
    return @{
        Name = $name; Id = $id; Scope = $scope; ScopeKey = Get-ScopeKey $scope
        DisplayName = Get-PropertyValue $InputObject 'DisplayName'
        SignInName = Get-PropertyValue $InputObject 'SignInName'
        ObjectType = Get-PropertyValue $InputObject 'ObjectType'
        Principal = Get-GuidText (Get-PropertyValue $InputObject 'ObjectId')
        Role = Get-GuidText (Get-PropertyValue $InputObject 'RoleDefinitionId')
        RoleName = Get-PropertyValue $InputObject 'RoleDefinitionName'
        Condition = Get-PropertyValue $InputObject 'Condition'
        CreatedOn = ConvertTo-UtcTime (Get-PropertyValue $InputObject 'CreatedOn')
        CreatedBy = Get-PropertyValue $InputObject 'CreatedBy'
    }
}
