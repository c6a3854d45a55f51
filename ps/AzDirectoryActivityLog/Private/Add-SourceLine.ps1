# Notes the origin of the next line (New-SourceMap).
function Add-SourceLine {
    param($Map, $InputObject)

    $path = $InputObject.PSObject.Properties['SourcePath']
    $line = $InputObject.PSObject.Properties['SourceLine']
    $scope = $InputObject.PSObject.Properties['LogScope']
    if ($null -ne $path) { $path = $path.Value }
    if ($null -ne $line) { $line = $line.Value }
    if ($null -ne $scope) { $scope = $scope.Value }
    $Map.Count++
    $last = $Map.Last
    if ($null -ne $last -and $path -eq $last.Path -and $scope -eq $last.Scope -and $line -eq $last.Next) {
        if ($null -ne $line) { $last.Next++ }
        return
    }
    $next = $null
    if ($null -ne $line) { $next = [long]$line + 1 }
    # Next: the line that would go on with this run; null where lines have no numbers.
    $Map.Last = @{ At = $Map.Count; Path = $path; Line = $line; Next = $next; Scope = $scope }
    $Map.Runs.Add($Map.Last)
}
