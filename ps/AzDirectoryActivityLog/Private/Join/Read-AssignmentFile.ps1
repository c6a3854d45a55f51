# The role assignments of a gzip NDJSON file that azdal wrote, as rows.
function Read-AssignmentFile {
    param([string] $Path)

    $file = [System.IO.File]::OpenRead($Path)
    try {
        $plain = [System.IO.Compression.GZipStream]::new($file, [System.IO.Compression.CompressionMode]::Decompress)
        $reader = [System.IO.StreamReader]::new($plain, [System.Text.UTF8Encoding]::new($false))
        while ($null -ne ($line = $reader.ReadLine())) {
            if ($line.Length -gt 0) {
                ConvertTo-AssignmentRow (ConvertFrom-JsonText -Text $line)
            }
        }
    } finally {
        $file.Dispose()
    }
}
