# The cell of the table of events that says who did what to which resource, a line each.
function ConvertTo-EventText {
    [CmdletBinding()]
    [OutputType([string])]
    param($InputObject)

    $lines = @(foreach ($name in 'Caller', 'OperationName', 'ResourceId') {
            $one = Get-CellText $InputObject $name
            if ($name -eq 'ResourceId') { $one = ConvertTo-ShortScope -Scope $one }
            if ($one) { $one }
        })
    return Split-Sentence -Indent 31 -Text ($lines -join "`n")
}
