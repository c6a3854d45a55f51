# What people write by hand in PowerShell: follow the next links with Invoke-RestMethod, print each
# event with ConvertTo-Json, compress while writing.
param([string] $Url, [string] $TokenFile, [string] $Out)

$ErrorActionPreference = 'Stop'
$headers = @{ Authorization = 'Bearer ' + [System.IO.File]::ReadAllText($TokenFile).Trim() }
$file = [System.IO.File]::Create($Out)
$gzip = [System.IO.Compression.GZipStream]::new($file, [System.IO.Compression.CompressionLevel]::Optimal)
$writer = [System.IO.StreamWriter]::new($gzip)
$writer.NewLine = "`n"
try {
    while ($Url) {
        $page = Invoke-RestMethod -Uri $Url -Headers $headers -MaximumRetryCount 30 -RetryIntervalSec 1
        foreach ($item in $page.value) {
            $writer.WriteLine((ConvertTo-Json -InputObject $item -Depth 100 -Compress))
        }
        $Url = $page.nextLink
    }
} finally {
    $writer.Dispose()
}
