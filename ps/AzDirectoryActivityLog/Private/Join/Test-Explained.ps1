# Whether an event explains the assignment of a row: one of its name, or one that gave its holder this role.
function Test-Explained {
    [CmdletBinding()]
    [OutputType([bool])]
    param($Set, $Row)

    $holder = $Row.ScopeKey + '|' + $Row.Role + '|'
    $signIn = ([string]$Row.SignInName).ToLowerInvariant()
    return $Set.Names.ContainsKey($Row.ScopeKey + '|' + $Row.Name.ToLowerInvariant()) -or
        ($null -ne $Row.Principal -and $Set.Holders.ContainsKey($holder + $Row.Principal)) -or
        ($signIn.Length -gt 0 -and $Set.Holders.ContainsKey($holder + $signIn))
}
