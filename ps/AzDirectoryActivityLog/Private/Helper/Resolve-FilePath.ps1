# The file system path behind a PowerShell path; it need not exist. Wildcards are plain characters.
function Resolve-FilePath {
    param([string] $Path, $Cmdlet)

    $provider = $null
    $drive = $null
    $full = $null
    try {
        $full = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path, [ref]$provider, [ref]$drive)
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $cause = $_.Exception.GetBaseException()
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $Path -InnerException $cause -Message "${Path}: $($cause.Message)"))
    }
    if ($provider.Name -ne 'FileSystem') {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $Path -Message (
                    "${Path}: not a path of the file system")))
    }
    return $full
}
