# Where the columns of `azdal cat --format csv` stand, from its first line. Ends with HelperVersion
# where one is missing that this module needs.
function New-EventTable {
    param([string] $Header, [string] $Helper, [switch] $Detailed, $Cmdlet)

    $names = $Header.TrimStart([char]0xFEFF).Split(',')
    $at = @{}
    for ($i = 0; $i -lt $names.Length; $i++) {
        $at[$names[$i]] = $i
    }
    $count = $names.Length
    $head = 0
    foreach ($name in $script:EventColumn) {
        if (-not $at.ContainsKey($name)) {
            $count = 0
        } elseif ($at[$name] -gt $head) {
            $head = $at[$name]
        }
    }
    # The last four are read from the end, so that the columns between cost nothing.
    if ($count -lt 5 -or ($names[-4..-1] -join ' ') -ne 'LogScope SourcePath SourceLine Raw' -or $head -gt $count - 5) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperVersion -Target $Helper -Message (
                    "${Helper}: the columns of its CSV are not those that this module reads") -Hint (
                    'use the azdal that came with the module, or name one with -AzdalPath')))
    }
    return @{
        At       = $at
        Columns  = $count
        Head     = $head + 1
        Detailed = [bool]$Detailed
        Path     = $null      # of the last row
        Pending  = $null      # the beginning of a row with a line break inside a cell
        Cell     = [regex]::new('(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))', [System.Text.RegularExpressions.RegexOptions]::Compiled)
    }
}
