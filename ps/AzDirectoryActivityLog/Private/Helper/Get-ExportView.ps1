# The views that lie in an export (Write-FlatFile), each with the encoding that its first bytes tell.
function Get-ExportView {
    param([string] $Folder)

    foreach ($format in 'CSV', 'JSON', 'JSONL') {
        $path = [System.IO.Path]::Combine($Folder, 'DirectoryActivityLogs.' + $format.ToLowerInvariant())
        if (-not [System.IO.File]::Exists($path)) {
            continue
        }
        $first = [byte[]]::new(4)
        $file = [System.IO.File]::OpenRead($path)
        try {
            $count = $file.Read($first, 0, 4)
        } finally {
            $file.Dispose()
        }
        $mark = [System.BitConverter]::ToString($first, 0, $count)
        $encoding = 'UTF8NoBOM'
        if ($mark -eq 'FF-FE-00-00') {
            $encoding = 'UTF32'
        } elseif ($mark -eq '00-00-FE-FF') {
            $encoding = 'BigEndianUTF32'
        } elseif ($mark.StartsWith('FF-FE', [System.StringComparison]::Ordinal)) {
            $encoding = 'Unicode'
        } elseif ($mark.StartsWith('FE-FF', [System.StringComparison]::Ordinal)) {
            $encoding = 'BigEndianUnicode'
        } elseif ($mark.StartsWith('EF-BB-BF', [System.StringComparison]::Ordinal)) {
            $encoding = 'UTF8BOM'
        }
        @{ Format = $format; Path = $path; Name = [System.IO.Path]::GetFileName($path); Encoding = $encoding }
    }
}
