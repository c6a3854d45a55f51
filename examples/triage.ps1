# From the tenant to the answer: fetch the directory activity log into a folder, find who elevated and
# who was given a role at the top of the tenant, look up whether that still stands, and write a report.
# Run it again to bring folder and report up to date.
#
#   Connect-AzAccount
#   ./triage.ps1 -Path ./case1
param([string] $Path = './case1')

Import-Module AzDirectoryActivityLog
$export = Export-AzDirectoryActivityLog -Path $Path
$findings = @(
    Find-AzPrivilegedOperation -Path $export.Path | Join-AzRoleAssignment
)
$findings | Export-AzDirectoryActivityReport -Path "$Path.html" -ExportPath $export.Path -Force
$findings
