# The row of a list that is the subject's own assignment, or null. Its scope must be the subject's:
# rows that are inherited from above or stand below never match.
function Find-AssignmentRow {
    param($Subject, $List)

    $key = Get-ScopeKey $Subject.Scope
    foreach ($row in $List.Rows) {
        if ($row.ScopeKey -ne $key) {
            continue
        }
        if ($Subject.Kind -eq 'Assignment') {
            if (-not [string]::IsNullOrEmpty($Subject.Name) -and $row.Name -eq $Subject.Name) {
                return $row
            }
            continue
        }
        if ($row.Role -ne $Subject.Role) {
            continue
        }
        if ($null -ne $Subject.Principal) {
            if ($row.Principal -eq $Subject.Principal) {
                return $row
            }
        } elseif ($Subject.Kind -eq 'Elevation' -and -not [string]::IsNullOrEmpty([string]$Subject.Finding.Caller) -and
            $row.SignInName -eq $Subject.Finding.Caller) {
            return $row
        }
    }
    return $null
}
