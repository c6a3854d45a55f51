# A scope as azdal takes it: its first word in small letters, as the parameters take it in any case.
function ConvertTo-ScopeArgument {
    param([string] $Scope)

    $word = $Scope.Split(':')[0]
    return $word.ToLowerInvariant() + $Scope.Substring($word.Length)
}
