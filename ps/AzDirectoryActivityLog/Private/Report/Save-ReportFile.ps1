# Writes the page beside its place and then puts it there in one step, so that no half-written report
# is ever found under its name. A device is written to, and not replaced by a file.
function Save-ReportFile {
    param([string] $Path, $Template, $Report, [bool] $Force, $Cmdlet)

    $part = $Path + '.' + [guid]::NewGuid().ToString('N').Substring(0, 8) + '.tmp'
    $device = $Path.StartsWith('/dev/', [System.StringComparison]::Ordinal)
    if ($device) {
        $part = $Path
    }
    $out = $null
    try {
        $out = [System.IO.StreamWriter]::new($part, $false, [System.Text.UTF8Encoding]::new($false))
        Write-ReportPage -Out $out -Template $Template -Model $Report
        $out.Dispose()
        $out = $null
        if ($device) {
            return
        }
        if ($Force -and [System.IO.File]::Exists($Path)) {
            [System.IO.File]::Replace($part, $Path, [NullString]::Value)
        } else {
            [System.IO.File]::Move($part, $Path)
        }
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $Path -InnerException $_.Exception -Message (
                    "${Path}: the report cannot be written: $($_.Exception.GetBaseException().Message)")))
    } finally {
        if ($null -ne $out) {
            try { $out.Dispose() } catch [System.IO.IOException] { $null = $_ }
        }
        if (-not $device -and [System.IO.File]::Exists($part)) {
            [System.IO.File]::Delete($part)
        }
    }
}
