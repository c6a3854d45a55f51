# Triage of a file that somebody else saved, without an Azure account: an export of azdal, a saved REST
# answer, the JSON of Microsoft-Extractor-Suite, what a diagnostic setting stored; plain or gzip.
# -RoleAssignment is a list that was saved with it, by
#
#   Get-AzRoleAssignment -Scope / | ConvertTo-Json -Depth 5 > assignments.json
#
# Then the findings say who still holds what; without it they say what the log alone can tell.
#
#   ./offline.ps1 -Path ./colleague.json -RoleAssignment ./assignments.json -Report ./report.html
param(
    [Parameter(Mandatory = $true)] [string[]] $Path,
    [string] $RoleAssignment,
    [string] $Report
)

Import-Module AzDirectoryActivityLog
$saved = @()
if ($RoleAssignment) {
    $saved = @(ConvertFrom-Json -InputObject ((Get-Content -LiteralPath $RoleAssignment -Raw)))
}
$findings = @(Find-AzPrivilegedOperation -Path $Path | Join-AzRoleAssignment -RoleAssignment $saved)
if ($Report) {
    $findings | Export-AzDirectoryActivityReport -Path $Report -Title 'Triage of saved files' -Force
}
$findings
