# Whether a file is a part of an export that holds no events of its own: the manifest, the digests, the
# role assignments, a view of the same events.
function Test-ExportPart {
    [CmdletBinding()]
    [OutputType([bool])]
    param([string] $Path)

    $name = [System.IO.Path]::GetFileName($Path)
    if ($name -ne 'manifest.json' -and $name -ne 'SHA256SUMS' -and $name -ne 'roleAssignments.ndjson.gz' -and $name -ne '.partial' -and
        -not [regex]::IsMatch($name, '^DirectoryActivityLogs\.(csv|json|jsonl)\z')) {
        return $false
    }
    $folder = [System.IO.Path]::GetDirectoryName($Path)
    return [System.IO.File]::Exists([System.IO.Path]::Combine($folder, 'manifest.json')) -and
        [System.IO.File]::Exists([System.IO.Path]::Combine($folder, 'SHA256SUMS'))
}
