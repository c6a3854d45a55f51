# Starts the helper for events on the pipeline, which go to its standard input: the child, a batch of bytes, and
# where its lines came from. Complete-HelperFeed ends it.
function New-HelperFeed {
    param([string[]] $Argument, [string] $AzdalPath, $Cmdlet)

    $feed = @{ Child = @{}; Batch = [byte[]]::new(0); Filled = 0; Sources = New-SourceMap }
    $fine = $false
    try {
        Start-HelperProcess -Child $feed.Child -Path (Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $Cmdlet) -Argument $Argument -Cmdlet $Cmdlet
        $fine = $true
    } finally {
        if (-not $fine) { Stop-HelperProcess -Child $feed.Child -Kill }
    }
    return $feed
}
