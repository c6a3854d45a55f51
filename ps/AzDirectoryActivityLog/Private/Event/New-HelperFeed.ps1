# What is gathered for the helper's standard input: a batch of bytes, and where its lines came from.
function New-HelperFeed {
    return @{ Batch = [byte[]]::new(0); Filled = 0; Sources = New-SourceMap }
}
