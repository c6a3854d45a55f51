# What `azdal verify` says of an export: Valid, Status (the exit status), Message and Hint (azdal's own
# sentence where it is not valid), Problems (each that it named), Lines (what it printed) and Sha256 (the digest of the manifest that it
# read, or null). Ends with an error where the folder could not be read at all.
function Test-ExportFolder {
    param([string] $Helper, [string] $Folder, $Cmdlet)

    $said = [System.Collections.Generic.List[string]]::new()
    $child = @{}
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument 'verify', '--', $Folder -Cmdlet $Cmdlet
        while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            $said.AddRange($lines)
        }
        $status = Wait-HelperExit -Child $child
        if ($status -ne 0 -and $status -ne 7 -and $status -ne 8) {
            $Cmdlet.ThrowTerminatingError((New-ExitError -Child $child -ExitCode $status -Target $Folder))
        }
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
    }
    $digest = $null
    $problems = [System.Collections.Generic.List[string]]::new()
    foreach ($line in $said) {
        if ($line.StartsWith('problem: ', [System.StringComparison]::Ordinal)) {
            $problems.Add($line.Substring(9))
        }
        $match = [regex]::Match($line, 'manifest\.json: ([0-9a-f]{64})\s*\z')
        if ($match.Success) {
            $digest = $match.Groups[1].Value
        }
    }
    $message = $child.Error
    if ($status -ne 0 -and [string]::IsNullOrEmpty($message)) {
        $message = "azdal verify ended with status $status and gave no reason"
    }
    return @{
        Valid = $status -eq 0; Status = $status; Message = $message; Hint = $child.Hint
        Lines = $said.ToArray(); Sha256 = $digest; Problems = $problems.ToArray()
    }
}
