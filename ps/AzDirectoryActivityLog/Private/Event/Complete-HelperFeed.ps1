# Ends what went to the helper (Add-HelperFeed), and gives the findings that were still to come. The helper is
# gone afterwards, whatever happens.
function Complete-HelperFeed {
    param($Feed, $Cmdlet)

    try {
        Send-HelperInput -Child $Feed.Child -Cmdlet $Cmdlet -Byte $Feed.Batch -Count $Feed.Filled -Last -Source $Feed.Sources
        while ($null -ne ($lines = Read-HelperLine -Child $Feed.Child -Cmdlet $Cmdlet)) {
            foreach ($line in $lines) {
                ConvertFrom-FindingLine -Line $line -Source $Feed.Sources
            }
        }
        Complete-Reading -Child $Feed.Child -Cmdlet $Cmdlet -Target 'the events on the pipeline'
    } finally {
        Stop-HelperProcess -Child $Feed.Child -Cmdlet $Cmdlet -Kill
    }
}
