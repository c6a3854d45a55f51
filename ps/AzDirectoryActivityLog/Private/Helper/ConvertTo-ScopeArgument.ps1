# A scope as azdal takes it: its first word in small letters, as the parameters take it in any case; the id of a
# subscription or a management group as Azure writes it is one, too. Single: what is not one scope is refused.
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
    if ($Single -and -not [regex]::IsMatch($text, '^(tenant|(mg|sub):(?!\*\z).*)\z', $script:AnyCase)) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Target $Scope -Message "-Scope ${Scope}: this is not the name of one scope" -Hint (
                    'name each: tenant, mg:ID or sub:ID')))
    }
    return $text
}
