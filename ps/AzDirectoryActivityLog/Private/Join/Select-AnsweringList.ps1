# The live list, or, where it could not be read, was empty or would be another tenant's, the export's own: Note then
# says why.
function Select-AnsweringList {
    param($Store, $List, [string] $Key, $Finding)

    if ($Store.Source -ne 'Live' -or $null -eq $List.Reason) {
        return $List
    }
    $own = Get-ExportAssignment -Store $Store -Key $Key -Finding $Finding
    if ($null -ne $own.Reason) {
        return $List
    }
    $own.Note = $List.Reason + "; the export's own list answers"
    return $own
}
