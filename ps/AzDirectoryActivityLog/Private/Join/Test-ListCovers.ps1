# Whether a saved list speaks for a scope, so that what it lacks does not stand: it has a row of that
# scope or below, or it is about the root, which every list includes.
function Test-ListCovers {
    param($Row, [string] $Key)

    foreach ($one in $Row) {
        if ($one.ScopeKey.Length -eq 0) {
            continue
        }
        if ($Key -eq '/' -or $one.ScopeKey -eq $Key -or
            $one.ScopeKey.StartsWith($Key + '/', [System.StringComparison]::Ordinal)) {
            return $true
        }
    }
    return $false
}
