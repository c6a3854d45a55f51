# Ends what went to the helper (Add-HelperFeed), and gives the findings that were still to come. The helper is
# gone afterwards, whatever happens.
function Complete-HelperFeed {
    param($Feed, $Child, $Cmdlet)

    try {
        Send-HelperInput -Child $Child -Cmdlet $Cmdlet -Byte $Feed.Batch -Count $Feed.Filled -Last -Source $Feed.Sources
        while ($null -ne ($lines = Read-HelperLine -Child $Child -Cmdlet $Cmdlet)) {
            foreach ($line in $lines) {
                ConvertFrom-FindingLine -Line $line -Source $Feed.Sources
            }
        }
        Complete-Reading -Child $Child -Cmdlet $Cmdlet -Target 'the events on the pipeline'
    } finally {
        Stop-HelperProcess -Child $Child -Cmdlet $Cmdlet -Kill
    }
}
