# The role assignments of a gzip NDJSON file that azdal wrote, as rows. Fails where its digest is another one than
# the manifest's (Sha256, which old ones do not have).
function Read-AssignmentFile {
    param([string] $Path, [AllowNull()] [string] $Sha256)

    if (-not [string]::IsNullOrEmpty($Sha256) -and (Get-Sha256Text -Path $Path) -ne $Sha256) {
        throw [System.IO.InvalidDataException]::new("${Path}: not the file that was exported")
    }
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
