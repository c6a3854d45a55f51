# The live list, or, where it could not be read or was empty, the export's own: Note then says why.
function Select-AnsweringList {
    param($Store, $List, [string] $Key, [AllowNull()] [string] $SourcePath)

    if ($Store.Source -ne 'Live' -or $null -eq $List.Reason) {
        return $List
    }
    $own = Get-ExportAssignment -Store $Store -Key $Key -SourcePath $SourcePath
    if ($null -ne $own.Reason) {
        return $List
    }
    $own.Note = $List.Reason + "; the export's own list answers"
    return $own
}
