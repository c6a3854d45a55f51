# The file system path behind a PowerShell path; it need not exist. Wildcards are plain characters.
# Lenient: an error of a path does not end the pipeline, and gives null.
function Resolve-FilePath {
    param([string] $Path, $Cmdlet, [switch] $Lenient)

    $provider = $null
    $drive = $null
    $full = $null
    try {
        $full = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path, [ref]$provider, [ref]$drive)
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $cause = $_.Exception.GetBaseException()
        $record = New-HelperError -Id LocalIO -Category ObjectNotFound -Target $Path -InnerException $cause -Message "${Path}: $($cause.Message)"
        if ($Lenient) {
            $Cmdlet.WriteError($record)
            return $null
        }
        $Cmdlet.ThrowTerminatingError($record)
    }
    if ($provider.Name -ne 'FileSystem') {
        $record = New-HelperError -Id LocalIO -Category InvalidArgument -Target $Path -Message "${Path}: this is not a path of the file system"
        if ($Lenient) {
            $Cmdlet.WriteError($record)
            return $null
        }
        $Cmdlet.ThrowTerminatingError($record)
    }
    return $full
}
