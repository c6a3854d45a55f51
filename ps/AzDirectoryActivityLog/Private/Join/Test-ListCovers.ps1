# Whether a saved list speaks for a scope, so that what it lacks was removed: it has a row of that very scope.
# Rows below say nothing (az role assignment list leaves out what is inherited), and rows above come with lists
# of other scopes.
function Test-ListCovers {
    param($Row, [string] $Key)

    foreach ($one in $Row) {
        if ($one.ScopeKey -eq $Key) {
            return $true
        }
    }
    return $false
}
