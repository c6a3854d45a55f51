# Adds the text of one event to what goes to the helper, and gives the findings that came meanwhile, each at
# once: a helper that prints without reading would never come to an end. Where that fails, or whoever takes the
# findings stops, the helper is gone.
function Add-HelperFeed {
    param($Feed, [string] $Text, $InputObject, $Cmdlet)

    $utf8 = [System.Text.Encoding]::UTF8
    $last = $Feed.Sources.Last
    $line = $InputObject.PSObject.Properties['SourceLine']
    $file = $InputObject.PSObject.Properties['SourcePath']
    if ($null -ne $last -and $null -ne $line -and $null -ne $file -and $null -ne $last.Next -and
        $line.Value -eq $last.Next -and [object]::ReferenceEquals($file.Value, $last.Path)) {
        # The next line of the same file, as a rule: no entry of its own.
        $last.Next++
        $Feed.Sources.Count++
    } else {
        Add-SourceLine -Map $Feed.Sources -InputObject $InputObject
    }
    if ($Text.IndexOf("`n", [System.StringComparison]::Ordinal) -ge 0) {
        $Text = $Text.Replace("`r", ' ').Replace("`n", ' ')
    }
    $most = $utf8.GetMaxByteCount($Text.Length) + 1
    if ($most -gt $Feed.Batch.Length - $Feed.Filled) {
        $fine = $false
        try {
            Send-HelperInput -Child $Feed.Child -Cmdlet $Cmdlet -Byte $Feed.Batch -Count $Feed.Filled -Source $Feed.Sources
            $fine = $true
        } finally {
            if (-not $fine) { Stop-HelperProcess -Child $Feed.Child -Kill }
        }
        $Feed.Filled = 0
        if ($most -gt $Feed.Batch.Length) {
            $Feed.Batch = [byte[]]::new([System.Math]::Max($most, $script:BatchBytes))
        }
    }
    $Feed.Filled += $utf8.GetBytes($Text, 0, $Text.Length, $Feed.Batch, $Feed.Filled)
    $Feed.Batch[$Feed.Filled++] = 10
}
