# The origin of the line of that number, or null (New-SourceMap).
function Find-SourceLine {
    param($Map, [long] $Number)

    $low = 0
    $high = $Map.Runs.Count - 1
    if ($high -lt 0 -or $Number -lt 1 -or $Number -gt $Map.Count) {
        return $null
    }
    while ($low -lt $high) {
        $middle = [int][System.Math]::Floor(($low + $high + 1) / 2)
        if ($Map.Runs[$middle].At -le $Number) {
            $low = $middle
        } else {
            $high = $middle - 1
        }
    }
    $run = $Map.Runs[$low]
    $line = $null
    if ($null -ne $run.Line) {
        $line = $run.Line + $Number - $run.At
    }
    return @{ Path = $run.Path; Line = $line; Scope = $run.Scope }
}
