# From the tenant to the answer: fetch the activity logs into a folder, find who elevated and who was given
# a role at the top of the tenant, look up whether that still stands, trace what they did with it, and
# write a report that tells it, with the commands that take it back. Run it again to bring all up to date.
# What was done with a power stands in the logs of the management groups and subscriptions, so all logs
# are fetched; -Scope tenant is quicker, and tells only who elevated and who was given what at the top.
#
#   Connect-AzAccount
#   ./triage.ps1 -Path ./case1
param([string] $Path = './case1', [string[]] $Scope = 'all')

Import-Module AzDirectoryActivityLog
$export = Export-AzDirectoryActivityLog -Path $Path -Scope $Scope -IncludeRoleAssignment
$findings = @(Find-AzPrivilegedOperation -Path $export.Path | Join-AzRoleAssignment)
$activity = @(Get-AzPrivilegedActivity -Path $export.Path)
$findings + $activity | Export-AzDirectoryActivityReport -Path "$Path.html" -ExportPath $export.Path -Force
$findings
