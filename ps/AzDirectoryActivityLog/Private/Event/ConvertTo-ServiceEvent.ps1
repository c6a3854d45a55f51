# An event of another command in the names of the service's own JSON. Az.Monitor's old class has objects
# (Authorization.Scope) and dictionaries inside Content; the new one has flat names
# (AuthorizationScope, OperationNameValue). A row of CSV keeps its columns, which azdal reads as they are.
function ConvertTo-ServiceEvent {
    param($InputObject)

    $made = [ordered]@{}
    $given = $InputObject
    if ($InputObject -isnot [System.Collections.IDictionary]) {
        $given = [ordered]@{}
        foreach ($member in $InputObject.PSObject.Properties) { $given[$member.Name] = $member.Value }
    }
    foreach ($name in @($given.Keys)) {
        $value = $given[$name]
        if ($null -eq $value -or ($value -is [string] -and $value.Length -eq 0)) {
            continue
        }
        if ($script:FlatName.ContainsKey($name)) {
            $path = $script:FlatName[$name]
            if ($path.Length -eq 1) {
                $made[$path[0]] = ConvertTo-PlainValue $value
            } else {
                if (-not $made.Contains($path[0]) -or $made[$path[0]] -isnot [System.Collections.IDictionary]) { $made[$path[0]] = [ordered]@{} }
                $made[$path[0]][$path[1]] = ConvertTo-PlainValue $value
            }
        } elseif (-not $made.Contains($name) -or $null -eq $made[$name]) {
            $made[$name] = ConvertTo-PlainValue $value
        }
    }
    return $made
}
