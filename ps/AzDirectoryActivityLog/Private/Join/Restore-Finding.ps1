# A finding of the pipeline as Find gives it, in an object of its own. One that was saved and read back may have
# lost properties, and have times as text.
function Restore-Finding {
    param($InputObject)

    $finding = [ordered]@{}
    $members = $InputObject.PSObject.Properties
    foreach ($name in $script:FindingProperty) {
        $value = $members[$name]
        if ($null -ne $value) {
            $value = $value.Value
        }
        if ($value -is [string]) {
            # No text is none, and times are times again.
            if ($value.Length -eq 0) {
                $value = $null
            } elseif ($script:TimeProperty -contains $name) {
                $value = ConvertTo-UtcTime $value
            }
        }
        $finding[$name] = $value
    }
    foreach ($name in $script:FindingList) {
        if ($null -eq $finding[$name]) { $finding[$name] = @() }
    }
    $result = [pscustomobject]$finding
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    return $result
}
