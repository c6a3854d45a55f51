# The text of one entry of an event's claims or properties, or null.
function Get-MemberText {
    param($Object, [string] $Name)

    $value = Get-TextValue (Get-PropertyValue $Object $Name)
    if ($null -ne $value) {
        return [string]$value
    }
}
