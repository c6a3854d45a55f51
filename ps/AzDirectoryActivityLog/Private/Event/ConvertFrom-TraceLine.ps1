# A line of `azdal trace --format ndjson` as an object: the same names in PascalCase, all of them.
function ConvertFrom-TraceLine {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.PrivilegedActivity')]
    param([Parameter(Mandatory = $true)] [string] $Line)

    $json = ConvertFrom-JsonText -Text $Line
    $row = [ordered]@{}
    foreach ($name in $script:TraceProperty) {
        $value = Get-PropertyValue $json $name
        if ($script:TraceList -contains $name) {
            $value = @(foreach ($one in @($value)) {
                    if ($null -ne $one) { $one }
                })
        } elseif ($script:TraceTime -contains $name) {
            $value = ConvertTo-UtcTime $value
        }
        $row[$name] = $value
    }
    $result = [pscustomobject]$row
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.PrivilegedActivity')
    return $result
}
