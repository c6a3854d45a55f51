# The file system path behind a PowerShell path; it need not exist. Wildcards are plain characters.
function Resolve-FilePath {
    param([string] $Path, $Cmdlet)

    $provider = $null
    $drive = $null
    $full = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path, [ref]$provider, [ref]$drive)
    if ($provider.Name -ne 'FileSystem') {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $Path -Message (
                    "${Path}: not a path of the file system")))
    }
    return $full
}
