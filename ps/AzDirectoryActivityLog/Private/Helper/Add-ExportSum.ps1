# Adds the digest of a view to SHA256SUMS of its export, so that it is checked with the rest.
function Add-ExportSum {
    param([string] $Folder, [string] $Path)

    $digest = Get-Sha256Text -Path $Path
    $name = [System.IO.Path]::GetFileName($Path)
    $sums = [System.IO.Path]::Combine($Folder, 'SHA256SUMS')
    $kept = [System.Text.StringBuilder]::new()
    foreach ($line in [System.IO.File]::ReadAllLines($sums)) {
        if ($line.Length -gt 0 -and -not $line.EndsWith('  ' + $name, [System.StringComparison]::Ordinal)) {
            $null = $kept.Append($line).Append("`n")
        }
    }
    $null = $kept.Append($digest).Append('  ').Append($name).Append("`n")
    [System.IO.File]::WriteAllText($sums, $kept.ToString(), [System.Text.UTF8Encoding]::new($false))
}
