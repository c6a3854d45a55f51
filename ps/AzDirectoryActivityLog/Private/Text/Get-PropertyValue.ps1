# A property's value, or null where the object has no such property: what old modules, saved lists
# and servers leave out is not an error.
function Get-PropertyValue {
    param($InputObject, [string] $Name)

    if ($null -eq $InputObject) {
        return $null
    }
    if ($InputObject -is [System.Collections.IDictionary]) {
        foreach ($key in $InputObject.Keys) {
            if ($key -eq $Name) {
                return $InputObject[$key]
            }
        }
        return $null
    }
    $property = $InputObject.PSObject.Properties[$Name]
    if ($null -eq $property) {
        return $null
    }
    return $property.Value
}
