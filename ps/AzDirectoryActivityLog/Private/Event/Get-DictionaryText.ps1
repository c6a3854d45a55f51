# The text of one entry of an event's claims or properties: an object, a dictionary, or the
# dictionary inside Content that Get-AzActivityLog prints.
function Get-DictionaryText {
    param($Dictionary, [string] $Name)

    if ($null -eq $Dictionary) {
        return $null
    }
    $content = $Dictionary
    if ($Dictionary -isnot [System.Collections.IDictionary]) {
        $member = $Dictionary.PSObject.Properties['Content']
        if ($null -ne $member -and $null -ne $member.Value) {
            $content = $member.Value
        }
    }
    $value = Get-PropertyValue $content $Name
    if ($null -eq $value) {
        return $null
    }
    return [string](Get-TextValue $value)
}
