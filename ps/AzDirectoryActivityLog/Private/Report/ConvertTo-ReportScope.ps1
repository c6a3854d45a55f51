# Where something applies, short enough for a table.
function ConvertTo-ReportScope {
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowNull()] [string] $Scope, [AllowNull()] [string] $Kind)

    if ([string]::IsNullOrEmpty($Scope)) {
        return ''
    }
    if ($Scope -eq '/') {
        return '/ (root)'
    }
    if ($Kind -eq 'tenantRootGroup') {
        return 'Tenant root group'
    }
    $short = [regex]::Match($Scope,
        '^(?:/providers/Microsoft\.Management/managementGroups/([^/]+)|/subscriptions/([^/]+))/?$',
        $script:AnyCase)
    if ($short.Groups[1].Success) {
        return 'Management group ' + $short.Groups[1].Value
    }
    if ($short.Groups[2].Success) {
        return 'Subscription ' + $short.Groups[2].Value
    }
    return $Scope
}
