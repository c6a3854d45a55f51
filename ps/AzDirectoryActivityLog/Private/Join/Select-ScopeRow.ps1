# The rows of an index (New-RowIndex) that are of one scope, and those that do not say theirs.
function Select-ScopeRow {
    param([hashtable] $Index, [string] $Key)

    foreach ($name in $Key, '') {
        if ($Index.ContainsKey($name)) { $Index[$name].ToArray() }
    }
}
