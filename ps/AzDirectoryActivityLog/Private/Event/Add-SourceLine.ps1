# Notes the origin of the next line (New-SourceMap).
function Add-SourceLine {
    param($Map, $InputObject)

    $path = $InputObject.PSObject.Properties['SourcePath']
    $line = $InputObject.PSObject.Properties['SourceLine']
    $scope = $InputObject.PSObject.Properties['LogScope']
    if ($null -ne $path) { $path = $path.Value }
    # A number, or text where the event was read from CSV; no number is no line.
    if ($null -ne $line) { $line = $line.Value -as [long] }
    if ($line -le 0) { $line = $null }
    if ($null -ne $scope) { $scope = $scope.Value }
    if ([string]::IsNullOrEmpty([string]$path)) { $path = $null }
    if ([string]::IsNullOrEmpty([string]$scope)) { $scope = $null }
    $Map.Count++
    $last = $Map.Last
    if ($null -ne $last -and $path -eq $last.Path -and $scope -eq $last.Scope -and $line -eq $last.Next) {
        if ($null -ne $line) { $last.Next++ }
        return
    }
    $next = $null
    if ($null -ne $line) { $next = $line + 1 }
    # Next: the line that would go on with this run; null where lines have no numbers.
    $Map.Last = @{ At = $Map.Count; Path = $path; Line = $line; Next = $next; Scope = $scope }
    $Map.Runs.Add($Map.Last)
}
