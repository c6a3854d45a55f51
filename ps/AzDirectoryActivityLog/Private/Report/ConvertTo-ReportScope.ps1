# Where something applies, or whose log it is (as azdal and its manifest spell that), short enough for a table.
function ConvertTo-ReportScope {
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowNull()] [string] $Scope, [AllowNull()] [string] $Kind)

    if ($Scope -eq '/') {
        return '/ (root)'
    }
    if ($Scope -eq 'tenant') {
        return 'Tenant (directory activity log)'
    }
    if (-not [string]::IsNullOrEmpty($Scope) -and $Kind -eq 'tenantRootGroup') {
        return 'Tenant root group'
    }
    $short = [regex]::Match($Scope,
        '^(?:(?:/providers/Microsoft\.Management/managementGroups/|mg:)([^/]+)|(?:/subscriptions/|sub:)([^/]+))/?$',
        $script:AnyCase)
    if ($short.Groups[1].Success) {
        return 'Management group ' + $short.Groups[1].Value
    }
    if ($short.Groups[2].Success) {
        return 'Subscription ' + $short.Groups[2].Value
    }
    return $Scope
}
