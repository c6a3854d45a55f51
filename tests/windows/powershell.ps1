# What somebody does with the module, told as text that is the same on every system: an export, again, what
# is found in it, a join with a saved list, a report, its check, and the events themselves.
# It goes into Folder/said.txt, for a terminal has more on it.
param([string] $Module, [string] $Azdal, [string] $Endpoint, [string] $Token, [string] $Folder)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$export = [System.IO.Path]::Combine($Folder, 'export')
$common = @{ Endpoint = $Endpoint; AccessToken = $Token; AzdalPath = $Azdal }
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$said = & {
    foreach ($round in 1, 2) {
        $result = Export-AzDirectoryActivityLog -Path $export -StartTime '2026-11-08T00:00:00Z' -EndTime '2026-11-20T00:00:00Z' @common
        "$($result.Verdict) $($result.EventCount)"
    }
    $findings = @(Find-AzPrivilegedOperation -Path $export -AzdalPath $Azdal)
    foreach ($one in $findings) { "$($one.Time.ToString('o')) $($one.Rule) $($one.Severity) $($one.Outcome) $($one.Caller) $($one.Scope)" }
    foreach ($one in @($findings | Join-AzRoleAssignment -RoleAssignment @())) { "$($one.Rule) $($one.State) $($one.StateReason) $($one.Source)" }
    $page = [System.IO.Path]::Combine($Folder, 'report.html')
    $null = $findings | Export-AzDirectoryActivityReport -Path $page -ExportPath $export -AzdalPath $Azdal
    "report $([System.IO.File]::ReadAllText($page).Contains('The log is complete'))"
    "valid $(Test-AzDirectoryActivityLog -Path $export -Quiet -AzdalPath $Azdal)"
    $events = @(Import-AzDirectoryActivityLog -Path $export -AzdalPath $Azdal)
    "events $($events.Count) $($events[0].EventDataId) $($events[-1].Raw)"
    "paths $(@($events | Where-Object { $_.SourcePath.Contains([System.IO.Path]::DirectorySeparatorChar -eq '\' ? '/' : '\') }).Count)"
    "got $(@(Get-AzDirectoryActivityLog -StartTime '2026-11-08T00:00:00Z' -EndTime '2026-11-20T00:00:00Z' @common).Count)"
}
[System.IO.File]::WriteAllLines([System.IO.Path]::Combine($Folder, 'said.txt'), [string[]]$said)
