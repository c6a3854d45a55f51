# Whether a row of a list has another role or principal than the subject of that name. What the row does not say
# is no change: lists are saved with a few columns, and old Az leaves out who it is about where Graph refuses.
function Test-RowChanged {
    [CmdletBinding()]
    [OutputType([bool])]
    param($Subject, $Row)

    if ($null -ne $Subject.Principal -and $null -ne $Row.Principal -and $Row.Principal -ne $Subject.Principal) {
        return $true
    }
    if ($null -ne $Row.Role -and $null -ne $Subject.Role) {
        return $Row.Role -ne $Subject.Role
    }
    $role = [string]$Subject.Finding.RoleDefinitionName
    return $role.Length -gt 0 -and -not [string]::IsNullOrEmpty([string]$Row.RoleName) -and $Row.RoleName -ne $role
}
