# The parameters with which Get-AzAccessToken is asked, one way after another (Get-AzToken): the endpoint with and
# without a slash, and the audience of the environment, which comes first in private clouds.
function Get-TokenWay {
    param([string] $ResourceUrl, [string] $Audience, [bool] $Private)

    $other = $ResourceUrl + '/'
    if ($other.EndsWith('//', [System.StringComparison]::Ordinal)) { $other = $other.Substring(0, $other.Length - 2) }
    $all = @($ResourceUrl, $other, $Audience)
    if ($Private) { $all = @($Audience, $ResourceUrl, $other) }
    $seen = [System.Collections.Generic.List[string]]::new()
    foreach ($one in $all) {
        if ($one.Length -gt 0 -and -not $seen.Contains($one)) {
            $seen.Add($one)
            @{ ResourceUrl = $one }
        }
    }
    @{ ResourceTypeName = 'Arm' }
    @{}
}
