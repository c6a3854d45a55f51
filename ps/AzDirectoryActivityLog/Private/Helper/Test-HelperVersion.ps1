# Ends with HelperVersion unless the helper says that it is an azdal of a version that fits.
function Test-HelperVersion {
    param([string] $Path, $Cmdlet)

    $first = $null
    $child = @{}
    try {
        Start-HelperProcess -Child $child -Path $Path -Argument '--version' -Cmdlet $Cmdlet
        while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            if ($null -eq $first) {
                $first = $lines[0]
            }
        }
        $null = Wait-HelperExit -Child $child
    } finally {
        Stop-HelperProcess -Child $child -Kill
    }
    $match = [regex]::Match([string]$first, '^azdal (\d+\.\d+\.\d+)')
    if ($match.Success) {
        $version = [version]$match.Groups[1].Value
        if ($version -ge $script:HelperVersionMinimum -and $version.Major -eq $script:HelperVersionMinimum.Major) {
            return
        }
        $why = "version $version does not fit this module, which needs $($script:HelperVersionMinimum) or later"
    } else {
        $why = 'it does not answer --version as azdal does'
    }
    $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperVersion -Target $Path -Message "${Path}: $why" -Hint (
                'use the azdal that came with the module, or name one with -AzdalPath')))
}
