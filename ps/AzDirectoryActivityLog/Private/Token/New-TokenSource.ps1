# Where tokens come from, and which Azure Resource Manager they are for:
#   Kind       Fixed (-AccessToken), Command (-TokenCommand) or Az (the signed-in context)
#   Arguments  what azdal is told about it
#   TenantId   of the context, or null
#   Problem    with Lenient: the error record of what is missing, or null
# Ends with NotSignedIn where there is no source at all, unless it is lenient (an error that a cmdlet
# ends with cannot be caught inside it).
function New-TokenSource {
    param($Cmdlet, $AccessToken, [string] $TokenCommand, [string] $Endpoint, $DefaultProfile, [switch] $Lenient)

    if ($null -ne $AccessToken -and -not [string]::IsNullOrEmpty($TokenCommand)) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Message (
                    '-AccessToken and -TokenCommand cannot be used together') -Target $Cmdlet.MyInvocation.MyCommand.Name))
    }
    $source = @{
        Kind = 'Az'; Arguments = @(); TenantId = $null; Context = $null; ResourceUrl = $null
        AccessToken = $AccessToken; DefaultProfile = $DefaultProfile; Lenient = [bool]$Lenient; Problem = $null; Ways = @()
    }
    $source.Context = Get-AzContextOrNull -DefaultProfile $DefaultProfile
    $manager = $null
    if ($null -ne $source.Context) {
        $source.TenantId = Get-PropertyValue (Get-PropertyValue $source.Context 'Tenant') 'Id'
        $manager = Get-PropertyValue (Get-PropertyValue $source.Context 'Environment') 'ResourceManagerUrl'
    }
    $words = [System.Collections.Generic.List[string]]::new()
    $url = $manager
    if (-not [string]::IsNullOrEmpty($Endpoint)) {
        $url = $Endpoint
    }
    $words.AddRange([string[]]@(Get-EndpointArgument -Url $url))
    # Azure Stack and private clouds: tokens are for another name than the endpoint.
    $audience = [string](Get-PropertyValue (Get-PropertyValue $source.Context 'Environment') 'ActiveDirectoryServiceEndpointResourceId')
    $private = $words.Count -gt 0 -and $words[0] -eq '--endpoint' -and $audience.Length -gt 0 -and [string]$url -eq [string]$manager
    if ($private) {
        $words.Add('--audience')
        $words.Add($audience)
    }
    if (-not [string]::IsNullOrEmpty($TokenCommand)) {
        $source.Kind = 'Command'
        $words.Add('--token-command')
        $words.Add($TokenCommand)
    } else {
        $words.Add('--token-stdin')
        if ($null -ne $AccessToken) {
            $source.Kind = 'Fixed'
            # The whole answer of Get-AzAccessToken serves as well, and that of `az account get-access-token`.
            foreach ($name in 'Token', 'AccessToken') {
                $inner = Get-PropertyValue $AccessToken $name
                if ($AccessToken -isnot [string] -and $null -ne $inner) {
                    $AccessToken = $inner
                    $source.AccessToken = $inner
                }
            }
            if ($AccessToken -isnot [string] -and $AccessToken -isnot [System.Security.SecureString]) {
                $Cmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Target $Cmdlet.MyInvocation.MyCommand.Name -Message (
                            '-AccessToken takes a string, a SecureString, the result of Get-AzAccessToken, or that of ' +
                            'az account get-access-token | ConvertFrom-Json')))
            }
        } else {
            $missing = 'no Azure account is signed in'
            if ($null -eq (Get-Command -Name Get-AzAccessToken -ErrorAction Ignore)) {
                $missing = 'Get-AzAccessToken (module Az.Accounts) is not installed'
            }
            if ($null -eq $source.Context) {
                $source.Problem = New-HelperError -Id NotSignedIn -Message $missing -Target 'Get-AzContext' -Hint (
                    'run Connect-AzAccount, or use -AccessToken or -TokenCommand')
                if (-not $Lenient) {
                    $Cmdlet.ThrowTerminatingError($source.Problem)
                }
            }
            $source.ResourceUrl = $manager
            if ([string]::IsNullOrEmpty($source.ResourceUrl)) {
                $source.ResourceUrl = $url
            }
            if ([string]::IsNullOrEmpty($source.ResourceUrl)) {
                $source.ResourceUrl = 'https://management.azure.com/'
            }
            $source.Ways = Get-TokenWay -ResourceUrl $source.ResourceUrl -Audience $audience -Private $private
        }
    }
    $source.Arguments = $words.ToArray()
    return $source
}
