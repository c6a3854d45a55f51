# The option of azdal for an Azure Resource Manager endpoint: the name of a cloud where it has one; none for none.
function Get-EndpointArgument {
    param([AllowNull()] [string] $Url)

    if ([string]::IsNullOrEmpty($Url)) {
        return
    }
    $uri = $null
    if ([uri]::TryCreate($Url, [System.UriKind]::Absolute, [ref]$uri) -and $uri.Scheme -eq 'https' -and
        $uri.IsDefaultPort -and $uri.AbsolutePath -eq '/' -and $script:CloudName.ContainsKey($uri.Host)) {
        '--cloud'
        $script:CloudName[$uri.Host]
    } else {
        '--endpoint'
        $Url
    }
}
