# Sends what was added to a feed, and gives the lines that the helper printed meanwhile, each list at once: a
# helper that prints without reading would never come to an end. Where that fails, or whoever takes the lines
# stops, the helper is gone.
function Send-HelperFeed {
    param($Feed, $Cmdlet)

    $fine = $false
    try {
        Send-HelperInput -Child $Feed.Child -Cmdlet $Cmdlet -Byte $Feed.Batch.GetBuffer() -Count $Feed.Batch.Length
        $fine = $true
    } finally {
        if (-not $fine) { Stop-HelperProcess -Child $Feed.Child -Kill }
    }
    $Feed.Batch.SetLength(0)
}
