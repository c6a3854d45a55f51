# A token from Get-AzAccessToken, as text or SecureString; null with the source's Problem where there is
# none. Az knows the tokens of one service under several names (with and without a slash, the old one of
# core.windows.net after Connect-AzAccount -AccessToken, that of Azure Stack): each is tried, and the one
# that worked is kept.
function Get-AzToken {
    param($Source)

    $command = Get-Command -Name Get-AzAccessToken -ErrorAction Ignore
    $first = $null
    foreach ($way in $Source.Ways) {
        $with = @{ ErrorAction = 'Stop'; WarningAction = 'SilentlyContinue' }
        if ($null -ne $command -and $null -ne $Source.DefaultProfile -and
            $command.Parameters.ContainsKey('DefaultProfile')) {
            $with.DefaultProfile = $Source.DefaultProfile
        }
        foreach ($name in $way.Keys) {
            if ($null -ne $command -and -not $command.Parameters.ContainsKey($name)) { $with = $null; break }
            $with[$name] = $way[$name]
        }
        if ($null -eq $with) {
            continue
        }
        try {
            $token = Get-PropertyValue (Get-AzAccessToken @with) 'Token'
            if ($null -ne $token) {
                $Source.Ways = @(, $way)
                return $token
            }
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            if ($null -eq $first) { $first = $_ }
        }
    }
    $text = 'it returned no token'
    $cause = $null
    if ($null -ne $first) {
        $text = $first.Exception.Message
        $cause = $first.Exception
    }
    $hint = 'run Connect-AzAccount'
    if (-not [string]::IsNullOrEmpty([string]$Source.TenantId)) {
        $hint = 'run ' + (Get-SignInCommand -TenantId $Source.TenantId)
    }
    $claims = [regex]::Match($text, '(?:ClaimsChallenge|claims)["''=: ]+([A-Za-z0-9+/_-]{20,}={0,2})', $script:AnyCase)
    if ($claims.Success) {
        $hint += ' -ClaimsChallenge ' + (ConvertTo-QuotedText $claims.Groups[1].Value)
    }
    $Source.Problem = New-HelperError -Id NotSignedIn -InnerException $cause -Message "Get-AzAccessToken: $text" -Hint $hint -Target $Source.ResourceUrl
    return $null
}
