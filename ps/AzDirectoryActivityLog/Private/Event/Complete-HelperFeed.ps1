# Ends a feed, and gives the lines that were still to come, a list at a time. The helper is gone afterwards,
# whatever happens.
function Complete-HelperFeed {
    param($Feed, $Cmdlet)

    try {
        Send-HelperInput -Child $Feed.Child -Cmdlet $Cmdlet -Byte $Feed.Batch.GetBuffer() -Count $Feed.Batch.Length -Last
        while ($null -ne ($lines = Read-HelperLine -Child $Feed.Child -Cmdlet $Cmdlet)) {
            , $lines
        }
        Complete-Reading -Child $Feed.Child -Cmdlet $Cmdlet -Target 'the events on the pipeline'
    } finally {
        Stop-HelperProcess -Child $Feed.Child -Cmdlet $Cmdlet -Kill
    }
}
