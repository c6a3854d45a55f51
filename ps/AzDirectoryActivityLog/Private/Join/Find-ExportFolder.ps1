# The folder of the export that a file belongs to (its manifest stands there), or null.
function Find-ExportFolder {
    param([AllowNull()] [string] $Path)

    if ([string]::IsNullOrEmpty($Path) -or -not [System.IO.Path]::IsPathRooted($Path)) {
        return $null
    }
    $folder = $Path
    # The deepest file lies two folders below: scope=.../date=.../events.ndjson.gz.
    for ($i = 0; $i -lt 4 -and -not [string]::IsNullOrEmpty($folder); $i++) {
        if ([System.IO.File]::Exists([System.IO.Path]::Combine($folder, 'manifest.json'))) {
            return $folder
        }
        $folder = [System.IO.Path]::GetDirectoryName($folder)
    }
    return $null
}
