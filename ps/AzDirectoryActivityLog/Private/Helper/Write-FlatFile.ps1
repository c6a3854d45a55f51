# Writes the events of an export as one file of the export's folder, DirectoryActivityLogs.<ext>, a
# name that azdal knows. A file that was not written to its end is removed. Returns its path.
function Write-FlatFile {
    param([string] $Helper, [string] $Folder, [string] $Format, [string] $Encoding, $Cmdlet)

    $kind = @{ CSV = 'csv'; JSON = 'json'; JSONL = 'ndjson' }[$Format]
    $path = [System.IO.Path]::Combine($Folder, 'DirectoryActivityLogs.' + $Format.ToLowerInvariant())
    $as = Get-ViewEncoding -Name $Encoding
    $lost = $false
    $child = @{}
    $file = $null
    $writer = $null
    $whole = $false
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument 'cat', '--format', $kind, '--', $Folder -Cmdlet $Cmdlet -RawOutput
        $file = [System.IO.FileStream]::new($path, [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write)
        if ($null -eq $as) {
            $copy = $child.Out.BaseStream.CopyToAsync($file)
            while (-not $copy.Wait($script:PollMs)) {
                $null = Read-HelperLine -Child $child -Cmdlet $Cmdlet -NoWait
            }
        } else {
            $writer = [System.IO.StreamWriter]::new($file, $as)
            $lost = Copy-HelperText -Child $child -Writer $writer -Json:($Format -ne 'CSV') -Cmdlet $Cmdlet
            $writer.Flush()
        }
        $file.Flush($true)
        $null = Read-HelperLine -Child $child -Cmdlet $Cmdlet
        $status = Wait-HelperExit -Child $child
        if ($status -ne 0) {
            $Cmdlet.ThrowTerminatingError((New-ExitError -Child $child -ExitCode $status -Target $path))
        }
        $file.Dispose()
        Add-ExportSum -Folder $Folder -Path $path
        $whole = $true
        if ($lost) {
            $Cmdlet.WriteWarning("${path}: -Encoding $Encoding lacks some characters of the events, which became question marks in this file. Use UTF8 or Unicode to keep them.")
        }
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $path -InnerException $_.Exception -Message (
                    "${path}: the file cannot be written: $($_.Exception.GetBaseException().Message)")))
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
        if ($null -ne $file) {
            $file.Dispose()
            if (-not $whole) {
                [System.IO.File]::Delete($path)
            }
        }
    }
    return $path
}
