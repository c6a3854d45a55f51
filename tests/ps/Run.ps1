# Runs a file of cases with Pester: Run.ps1 [-Name PART-OF-A-NAME] [-Skip LIST] FILE. Prints what failed and
# what was skipped, then one line "counts: PASSED FAILED SKIPPED". LIST has the cases to leave out, one a
# line: the case's whole name, two colons, the reason.
[CmdletBinding(PositionalBinding = $false)]
param([string] $Name, [string] $Skip, [Parameter(Mandatory = $true, Position = 0)] [string] $Path)

$ErrorActionPreference = 'Stop'
$packages = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'build', 'packages'))
Import-Module ([System.IO.Path]::Combine($packages, 'pester', '5.7.1', 'tools', 'Pester.psd1'))
$settings = New-PesterConfiguration
$settings.Run.Path = $Path
$settings.Run.PassThru = $true
$settings.Output.Verbosity = 'None'
$settings.Output.CIFormat = 'None'
if ($Name) { $settings.Filter.FullName = "*$Name*" }
$left = 0
if ($Skip) {
    $reasons = @{}
    foreach ($line in [System.IO.File]::ReadAllLines($Skip) -notmatch '^(#|$)') {
        $case, $reason = $line -split ' :: ', 2
        $reasons[$case] = $reason
    }
    $settings.Run.SkipRun = $true
    $found = @((Invoke-Pester -Configuration $settings).Tests | Where-Object { $reasons.ContainsKey($_.Name) })
    $settings.Run.SkipRun = $false
    if ($found) { $settings.Filter.ExcludeLine = [string[]]@($found | ForEach-Object { "$($_.ScriptBlock.File):$($_.StartLine)" }) }
    foreach ($test in $found) { "SKIPPED: $($test.ExpandedPath): $($reasons[$test.Name])" }
    $left = $found.Count
}
$result = Invoke-Pester -Configuration $settings
foreach ($test in $result.Failed) {
    "FAILED: $($test.ExpandedPath)"
    foreach ($record in $test.ErrorRecord) { "$($record.DisplayErrorMessage)`n$($record.DisplayStackTrace)".Trim() -replace '(?m)^', '    ' }
}
foreach ($container in $result.FailedContainers + $result.FailedBlocks) {
    "FAILED: $($container.ExpandedPath) $($container.Item)"
    foreach ($record in $container.ErrorRecord) { "$record`n$($record.ScriptStackTrace)" -replace '(?m)^', '    ' }
}
foreach ($test in $result.Skipped) { "SKIPPED: $($test.ExpandedPath)$(foreach ($record in $test.ErrorRecord) { ": $($record.TargetObject.Message)" })" }
$broken = @($result.FailedContainers + $result.FailedBlocks).Where({ $_ }).Count
if ($env:TIMES) { foreach ($test in $result.Tests) { '{0,7:n0} ms {1}' -f $test.Duration.TotalMilliseconds, $test.ExpandedPath } }
"counts: $($result.PassedCount) $($result.FailedCount + $broken) $($result.SkippedCount + $left)"
