# Notes the origin of the next line (New-SourceMap), which an event knows as Import gave it; null: not known.
function Add-SourceLine {
    param($Map, [AllowNull()] $InputObject)

    $Map.Count++
    $last = $Map.Last
    $path = $null
    $line = $null
    $scope = $null
    if ($null -ne $InputObject) {
        $members = $InputObject.PSObject.Properties
        $member = $members['SourcePath']
        $number = $members['SourceLine']
        if ($null -ne $last -and $null -ne $last.Next -and $null -ne $member -and $null -ne $number -and
            $number.Value -eq $last.Next -and [object]::ReferenceEquals($member.Value, $last.Path)) {
            # As a rule: the next line of the same file.
            $last.Next++
            return
        }
        if ($null -ne $member -and -not [string]::IsNullOrEmpty([string]$member.Value)) { $path = $member.Value }
        # A number, or text where the event was read from CSV; no number is no line.
        if ($null -ne $number) { $line = $number.Value -as [long] }
        if ($line -le 0) { $line = $null }
        $member = $members['LogScope']
        if ($null -ne $member -and -not [string]::IsNullOrEmpty([string]$member.Value)) { $scope = $member.Value }
    }
    if ($null -ne $last -and $path -eq $last.Path -and $scope -eq $last.Scope -and $line -eq $last.Next) {
        if ($null -ne $line) { $last.Next++ }
        return
    }
    # Next: the line that would go on with this run; null where lines have no numbers.
    $next = $null
    if ($null -ne $line) { $next = $line + 1 }
    $Map.Last = @{ At = $Map.Count; Path = $path; Line = $line; Next = $next; Scope = $scope }
    $Map.Runs.Add($Map.Last)
}
