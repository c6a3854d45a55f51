# A scope as it compares: case and a trailing slash do not count.
function Get-ScopeKey {
    param([string] $Scope)

    $key = $Scope.Trim().TrimEnd('/').ToLowerInvariant()
    if ($key.Length -eq 0) {
        return '/'
    }
    return $key
}
