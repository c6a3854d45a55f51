# The command that takes back a role assignment that stands, for somebody to read and run: text, never
# run here. Null where the list does not say exactly who holds which role where.
function Get-RemedyText {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Kind, [AllowNull()] $Row)

    if ($null -eq $Row -or $null -eq $Row.Principal -or $null -eq $Row.Role -or [string]::IsNullOrEmpty([string]$Row.Scope)) {
        return $null
    }
    $who = ConvertTo-QuotedText $Row.Principal
    $scope = ConvertTo-QuotedText $Row.Scope
    if ($Kind -eq 'Activation') {
        $prefix = ([string]$Row.Scope).TrimEnd('/')
        $role = ConvertTo-QuotedText "$prefix/providers/Microsoft.Authorization/roleDefinitions/$($Row.Role)"
        return "New-AzRoleAssignmentScheduleRequest -Name (New-Guid) -RequestType AdminRemove -PrincipalId $who -RoleDefinitionId $role -Scope $scope"
    }
    return "Remove-AzRoleAssignment -ObjectId $who -RoleDefinitionId $(ConvertTo-QuotedText $Row.Role) -Scope $scope"
}
