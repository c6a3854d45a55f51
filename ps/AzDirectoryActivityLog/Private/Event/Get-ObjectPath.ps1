# The path that a pipeline object stands for: a string, a file or folder, the result of an export;
# null for anything else.
function Get-ObjectPath {
    param($InputObject)

    if ($InputObject -is [string]) {
        return $InputObject
    }
    foreach ($name in 'FullName', 'Path') {
        $value = Get-PropertyValue $InputObject $name
        if ($value -is [string] -and $value.Length -gt 0) {
            return $value
        }
    }
    return $null
}
