# A scope as azdal takes it: its first word in small letters, as the parameters take it in any case; the id of a
# subscription or a management group as Azure writes it is one, too. Single: a list of scopes is refused.
function ConvertTo-ScopeArgument {
    param([string] $Scope, [switch] $Single, $Cmdlet)

    $id = [regex]::Match($Scope, '^(?:sub:|mg:)?/(subscriptions|providers/Microsoft\.Management/managementGroups)/([^/]+)/?\z', $script:AnyCase)
    if ($id.Success) {
        $kind = 'mg:'
        if ($id.Groups[1].Value -eq 'subscriptions') { $kind = 'sub:' }
        return $kind + $id.Groups[2].Value
    }
    $word = $Scope.Split(':')[0]
    $text = $word.ToLowerInvariant() + $Scope.Substring($word.Length)
    if ($Single -and ($text -eq 'all' -or $text.EndsWith(':*', [System.StringComparison]::Ordinal))) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Target $Scope -Message "-Scope ${Scope}: this stands for several scopes, which this command does not take" -Hint (
                    'name each: tenant, mg:ID or sub:ID')))
    }
    return $text
}
