# The list of an export's own role assignments, in the form of Get-AssignmentList.
function Get-ExportAssignment {
    param($Store, [string] $Key, [AllowNull()] [string] $SourcePath)

    $context = Get-ExportContext -Store $Store -SourcePath $SourcePath
    $list = @{
        Rows = @(); Source = 'Export'; Scope = $Key; Time = $null; Note = $null
        Reason = $Store.Missing + ' and there is no export with role assignments'
    }
    if ($null -ne $context) {
        $list.Rows = @(Select-ScopeRow -Index $context.Index -Key $Key)
        $list.Time = $context.Time
        if ($context.Read.ContainsKey($Key)) {
            $list.Reason = $null
        } elseif ($context.Rows.Count -gt 0) {
            $list.Reason = $Store.Missing + ' and the export did not read this scope'
        }
    }
    return $list
}
