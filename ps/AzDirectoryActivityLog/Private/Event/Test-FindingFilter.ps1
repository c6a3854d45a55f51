# Whether a finding passes a filter (New-FindingFilter).
function Test-FindingFilter {
    [CmdletBinding()]
    [OutputType([bool])]
    param($Filter, $Finding)

    if ($null -ne $Filter.Who -and -not $Filter.Who.IsMatch([string]$Finding.Caller)) {
        return $false
    }
    foreach ($pattern in $Filter.Rules) {
        if ($pattern.IsMatch([string]$Finding.Rule)) {
            return $true
        }
    }
    return $Filter.Rules.Length -eq 0
}
