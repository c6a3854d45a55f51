# Starts the helper for events that come one by one and go to its standard input: the child, a batch of bytes, and
# where its lines came from. The way of a feed, whose helper is gone wherever it ends or fails:
#   Add-HelperFeed       an event more
#   Send-HelperFeed      once the batch is full; gives the lines that the helper printed meanwhile
#   Complete-HelperFeed  ends the input; gives the rest of the lines
function New-HelperFeed {
    param([string[]] $Argument, [string] $AzdalPath, $Cmdlet)

    $feed = @{ Child = @{}; Batch = [System.IO.MemoryStream]::new(); Sources = New-SourceMap }
    $fine = $false
    try {
        Start-HelperProcess -Child $feed.Child -Path (Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $Cmdlet) -Argument $Argument -Cmdlet $Cmdlet
        $fine = $true
    } finally {
        if (-not $fine) { Stop-HelperProcess -Child $feed.Child -Kill }
    }
    return $feed
}
