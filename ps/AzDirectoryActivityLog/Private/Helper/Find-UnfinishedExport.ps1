# The newest folder below the default one that an interrupted run left unfinished, or null.
function Find-UnfinishedExport {
    param([string] $Base)

    if (-not [System.IO.Directory]::Exists($Base)) {
        return $null
    }
    $folders = [System.IO.Directory]::GetDirectories($Base)
    [array]::Sort($folders, [System.StringComparer]::Ordinal)
    for ($i = $folders.Length - 1; $i -ge 0; $i--) {
        if ([System.IO.File]::Exists([System.IO.Path]::Combine($folders[$i], '.partial', 'journal')) -and
            -not [System.IO.File]::Exists([System.IO.Path]::Combine($folders[$i], 'manifest.json'))) {
            return $folders[$i]
        }
    }
    return $null
}
