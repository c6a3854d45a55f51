# A finding with what is the case today, and what it explains noted where that is asked for (Explained).
function Join-Finding {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.JoinedFinding')]
    param([Parameter(ValueFromPipeline = $true)] $InputObject, $Store, [AllowNull()] $Explained)

    process {
        $subject = ConvertTo-AssignmentSubject $InputObject
        if ($null -ne $Explained) {
            Add-Explained -Set $Explained -Subject $subject
        }
        New-JoinedFinding -Subject $subject -State (Resolve-AssignmentState -Subject $subject -Store $Store) -Store $Store
    }
}
