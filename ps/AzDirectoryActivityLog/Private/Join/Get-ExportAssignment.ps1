# The list of an export's own role assignments, in the form of Get-AssignmentList.
#   Finding  TenantId, SourcePath and Time of what is looked up
function Get-ExportAssignment {
    param($Store, [string] $Key, $Finding)

    $context = Get-ExportContext -Store $Store -SourcePath $Finding.SourcePath
    $list = @{
        Rows = @(); Source = 'Export'; Scope = $Key; Time = $null; Note = $null
        Reason = $Store.Missing + ' and there is no export with role assignments'
    }
    if ($null -eq $context) {
        return $list
    }
    if (-not $context.Read.ContainsKey($Key)) {
        if ($context.Broken) {
            $list.Reason = $Store.Missing + " and the export's list cannot be read, or is not the one that was exported"
        } elseif ($context.Rows.Count -gt 0) {
            $list.Reason = $Store.Missing + ' and the export did not read this scope'
        }
        return $list
    }
    $list.Time = $context.Read[$Key]
    if ($null -ne $Finding.Time -and $Finding.Time -gt $list.Time) {
        # It tells neither what the operation gave nor what it took.
        $list.Reason = $Store.Missing + " and the export's list is older than the operation"
        return $list
    }
    $list.Rows = @(Select-ScopeRow -Index $context.Index -Key $Key)
    $list.Reason = $null
    if (-not (Test-ListCovers -Row $list.Rows -Key $Key)) {
        $list.Reason = 'EmptyList'
    }
    return $list
}
