# The rows of a list by scope key: lists of a tenant have thousands of rows, and each finding asks for those of
# its own scope (Select-ScopeRow).
function New-RowIndex {
    param($Row)

    $index = @{}
    foreach ($one in $Row) {
        if (-not $index.ContainsKey($one.ScopeKey)) {
            $index[$one.ScopeKey] = [System.Collections.Generic.List[object]]::new()
        }
        $index[$one.ScopeKey].Add($one)
    }
    return $index
}
