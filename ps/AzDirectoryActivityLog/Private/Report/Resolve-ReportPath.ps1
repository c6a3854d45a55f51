# Where the report goes, after what can be known to fail was told: a folder, a file that stands there
# already, a place inside an export, which azdal would no longer take for its own.
function Resolve-ReportPath {
    param([string] $Path, [bool] $Force, $Cmdlet)

    $full = Resolve-FilePath -Path $Path -Cmdlet $Cmdlet
    if ([System.IO.Directory]::Exists($full)) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $full -Message "${full}: a folder: name the file to write"))
    }
    $folder = [System.IO.Path]::GetDirectoryName($full)
    if (-not [System.IO.Directory]::Exists($folder)) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $full -Message "${folder}: no such folder"))
    }
    if ([System.IO.File]::Exists($full) -and -not $Force -and -not $full.StartsWith('/dev/', [System.StringComparison]::Ordinal)) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $full -Message "${full}: the file exists" -Hint (
                    '-Force replaces it')))
    }
    for ($above = $folder; -not [string]::IsNullOrEmpty($above); $above = [System.IO.Path]::GetDirectoryName($above)) {
        if ([System.IO.File]::Exists([System.IO.Path]::Combine($above, 'manifest.json')) -and
            [System.IO.File]::Exists([System.IO.Path]::Combine($above, 'SHA256SUMS'))) {
            $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $full -Message (
                        "${full}: inside the export ${above}, which holds the evidence and nothing else") -Hint 'write the report beside it'))
        }
    }
    return $full
}
