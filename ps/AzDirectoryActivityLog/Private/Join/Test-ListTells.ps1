# Whether every row of a list says enough to tell that it is not the subject's own assignment. A list
# that was cut to a few columns does not, and what it seems to lack may stand.
function Test-ListTells {
    param($Subject, $List)

    $key = Get-ScopeKey $Subject.Scope
    foreach ($row in $List.Rows) {
        if ($row.ScopeKey.Length -eq 0) { return $false }
        if ($row.ScopeKey -ne $key) { continue }
        if ($Subject.Kind -eq 'Assignment') {
            if ($row.Name.Length -eq 0) { return $false }
        } elseif ($null -eq $row.Role -or $null -eq $row.Principal) {
            return $false
        }
    }
    return $true
}
