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
    if ($null -ne $last -and $path -eq $last.Path -and $scope -eq $last.Scope -and
        (($null -eq $line -and $null -eq $last.Line) -or
            ($null -ne $line -and $null -ne $last.Line -and $line -eq $last.Line + $Map.Count - $last.At))) {
        return
    }
    $Map.Last = @{ At = $Map.Count; Path = $path; Line = $line; Scope = $scope }
    $Map.Runs.Add($Map.Last)
}
