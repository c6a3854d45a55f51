# Runs a file of cases with Pester: Run.ps1 [-Name PART-OF-A-NAME] FILE. Prints what failed and what was
# skipped, then one line "counts: PASSED FAILED SKIPPED".
[CmdletBinding(PositionalBinding = $false)]
param([string] $Name, [Parameter(Mandatory = $true, Position = 0)] [string] $Path)

$ErrorActionPreference = 'Stop'
$packages = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'build', 'packages'))
Import-Module ([System.IO.Path]::Combine($packages, 'pester', '5.7.1', 'tools', 'Pester.psd1'))
$settings = New-PesterConfiguration
$settings.Run.Path = $Path
$settings.Run.PassThru = $true
$settings.Output.Verbosity = 'None'
$settings.Output.CIFormat = 'None'
if ($Name) { $settings.Filter.FullName = "*$Name*" }
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
"counts: $($result.PassedCount) $($result.FailedCount + $broken) $($result.SkippedCount)"
