# What a finding says, as the rest of a sentence that begins with who did it; HTML.
function Get-ReportSentence {
    [CmdletBinding()]
    [OutputType([string])]
    param($Finding)

    $value = $Finding.Value
    $role = 'a role'
    if ($null -ne $Finding.Role) {
        $role = '<b>' + (ConvertTo-ReportText $Finding.Role) + '</b>'
    }
    $where = ''
    if ($Finding.ScopeText.Length -gt 0) {
        $where = ' at ' + (ConvertTo-ReportText $Finding.ScopeText)
    }
    $whom = ''
    if ($null -ne $Finding.Principal) {
        $whom = '<b>' + (ConvertTo-ReportText $Finding.Principal) + '</b>'
    }
    if ([string]$value['SelfAssigned'] -eq 'True') {
        $whom = 'the caller itself'
    }
    $text = ConvertTo-ReportText $value['Title']
    switch ($Finding.Kind) {
        'elevation' { $text = 'elevated to ' + $role + $where }
        'assignment' {
            $text = 'gave ' + $role + $where
            if ($whom.Length -gt 0) { $text += ' to ' + $whom }
        }
        'removal' {
            $text = 'removed ' + $role + $where
            if ($whom.Length -gt 0) { $text += ' from ' + $whom }
        }
    }
    if ($Finding.Failed) {
        $text = 'failed attempt: ' + $text
    }
    return $text
}
