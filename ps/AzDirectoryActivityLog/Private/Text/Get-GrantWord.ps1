# What findings and unlogged assignments have to say of a grant, in words: Whom, Role, and At with its
# preposition in front, or empty.
function Get-GrantWord {
    param($InputObject)

    $words = @{ Whom = $null; Role = $null; At = '' }
    foreach ($name in 'PrincipalDisplayName', 'PrincipalSignInName') {
        if (-not $words.Whom) { $words.Whom = Get-CellText $InputObject $name }
    }
    if (-not $words.Whom) {
        $words.Whom = ('' + (Get-CellText $InputObject 'PrincipalType') + ' ' + (Get-CellText $InputObject 'PrincipalId')).Trim()
    }
    if (-not $words.Whom) { $words.Whom = 'somebody whom the record does not name' }
    foreach ($name in 'RoleDefinitionName', 'RoleDefinitionId') {
        if (-not $words.Role) { $words.Role = Get-CellText $InputObject $name }
    }
    if (-not $words.Role) { $words.Role = 'a role that the record does not name' }
    $where = ConvertTo-ShortScope -Scope (Get-CellText $InputObject 'Scope') -Kind (Get-CellText $InputObject 'ScopeKind')
    if ($where) { $words.At = " at $where" }
    return $words
}
