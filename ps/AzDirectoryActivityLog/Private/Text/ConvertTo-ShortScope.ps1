# A scope in few words, with every id whole: "/", "tenant root group", "group contoso", "subscription <id>".
function ConvertTo-ShortScope {
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowNull()] [string] $Scope, [AllowNull()] [string] $Kind)

    if ([string]::IsNullOrEmpty($Scope) -or $Scope -eq '/') {
        return $Scope
    }
    if ($Kind -eq 'tenantRootGroup') {
        return 'tenant root group'
    }
    $group = [regex]::Match($Scope, '^/providers/Microsoft\.Management/managementGroups/([^/]+)/?$', $script:AnyCase)
    if ($group.Success) {
        return 'group ' + $group.Groups[1].Value
    }
    $parts = [regex]::Match($Scope, '^/subscriptions/([^/]+)(?:/resourceGroups/([^/]+))?(?:/providers/.*?([^/]+/[^/]+))?/?$', $script:AnyCase)
    if (-not $parts.Success) {
        return $Scope
    }
    $text = 'subscription ' + $parts.Groups[1].Value
    if ($parts.Groups[2].Success) {
        $text = 'resource group ' + $parts.Groups[2].Value + ' of ' + $text
    }
    if ($parts.Groups[3].Success) {
        $text = $parts.Groups[3].Value + ' in ' + $text
    }
    return $text
}
