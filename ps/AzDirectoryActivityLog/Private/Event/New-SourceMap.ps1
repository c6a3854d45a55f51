# Where the lines that were piped into the helper came from, so that findings can name file and line
# although the helper saw standard input. Lines that follow each other in one file are one run, so a
# log that is piped whole is one entry, whatever its length.
function New-SourceMap {
    return @{
        Count = [long]0      # lines so far
        Runs  = [System.Collections.Generic.List[object]]::new()
        Last  = $null
    }
}
