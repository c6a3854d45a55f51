# One cell of the table of findings, joined findings and unlogged assignments: Time, Severity, State or
# Text, the sentence that says who gave or took which role, to whom, where.
function ConvertTo-FindingText {
    [CmdletBinding()]
    [OutputType([string])]
    param($InputObject, [string] $Part)

    $unlogged = $null -ne $InputObject.PSObject.Properties['CreatedOn']
    switch ($Part) {
        'Time' {
            $name = 'Time'
            if ($unlogged) { $name = 'CreatedOn' }
            return '' + (Get-CellText $InputObject $name -Time)
        }
        'Severity' {
            $severity = '' + (Get-CellText $InputObject 'Severity')
            if ($severity -eq 'informational') { return 'info' }
            return $severity
        }
        'State' {
            if ($unlogged) { return 'Active' }
            $state = Get-CellText $InputObject 'State'
            if (-not $state) { $state = Get-CellText $InputObject 'StateAtExport' }
            if (-not $state -and (Get-CellText $InputObject 'EndedTime')) { $state = 'Removed' }
            if (-not $state) { $state = Get-CellText $InputObject 'Outcome' }
            return '' + $state
        }
        'Text' {
            if ($unlogged) { return Split-Sentence -Text (Get-UnloggedSentence $InputObject) }
            return Split-Sentence -Text (Get-FindingSentence $InputObject)
        }
    }
}
