# The HTTP request of an event that has its parts beside each other, as diagnostic settings and Az.Monitor's new class
# do, in the service's names; null where there is none.
function ConvertTo-RequestObject {
    param($InputObject)

    $request = [ordered]@{}
    foreach ($name in $script:RequestName.Keys) {
        foreach ($other in $script:RequestName[$name]) {
            $value = Get-PropertyValue $InputObject $other
            if (-not $request.Contains($name) -and -not [string]::IsNullOrEmpty([string]$value)) { $request[$name] = $value }
        }
    }
    if ($request.Count -gt 0) {
        return [pscustomobject]$request
    }
}
