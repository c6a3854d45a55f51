# Whose log: a scope as it is spelled on azdal's command line and in the manifest, in words.
function ConvertTo-ReportLogScope {
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowNull()] [string] $Scope)

    if ($Scope -eq 'tenant') {
        return 'Tenant (directory activity log)'
    }
    if ($Scope -match '^mg:(.*)$') {
        return 'Management group ' + $Matches[1]
    }
    if ($Scope -match '^sub:(.*)$') {
        return 'Subscription ' + $Matches[1]
    }
    return $Scope
}
