# The rows of a list that are of one scope, and those that do not say theirs: lists of a tenant have thousands of
# rows, and each finding asks for those of its own scope.
function Select-ScopeRow {
    param($Row, [string] $Key)

    foreach ($one in $Row) {
        if ($one.ScopeKey -ceq $Key -or $one.ScopeKey.Length -eq 0) { $one }
    }
}
