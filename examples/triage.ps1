# From the tenant to the answer: fetch the directory activity log into a folder, find who elevated and
# who was given a role at the top of the tenant, and look up whether that still stands. Run it again
# to bring the folder up to date.
#
#   Connect-AzAccount
#   ./triage.ps1 -Path ./case1
param([string] $Path = './case1')

Import-Module AzDirectoryActivityLog
$export = Export-AzDirectoryActivityLog -Path $Path
Find-AzPrivilegedOperation -Path $export.Path | Join-AzRoleAssignment
