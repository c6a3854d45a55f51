# Whether an object is a finding: of this session, or read back from where it was saved.
function Test-Finding {
    [CmdletBinding()]
    [OutputType([bool])]
    param($InputObject)

    foreach ($name in $InputObject.PSObject.TypeNames) {
        if ($name -eq 'AzDirectoryActivityLog.Finding' -or $name -eq 'Deserialized.AzDirectoryActivityLog.Finding') {
            return $true
        }
    }
    $members = $InputObject.PSObject.Properties
    return $null -ne $members['Rule'] -and $null -ne $members['Operation']
}
