# The cell of the table of events that says who did what to which resource, a line each.
function ConvertTo-EventText {
    [CmdletBinding()]
    [OutputType([string])]
    param($InputObject)

    $lines = @(
        Get-PropertyValue $InputObject 'Caller'
        Get-PropertyValue $InputObject 'OperationName'
        ConvertTo-ShortScope -Scope (Get-PropertyValue $InputObject 'ResourceId')
    )
    $lines = foreach ($one in $lines) {
        if ($one) { [regex]::Replace([string]$one, '[\p{Cc}\p{Cf}\u2028\u2029]', '?') }
    }
    return Split-Sentence -Indent 31 -Text ($lines -join "`n")
}
