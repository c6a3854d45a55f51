# Which helper the module takes where there are several: each line is where it was found.
param([string] $Module, [string] $Named)

$ErrorActionPreference = 'Stop'
$bin = [System.IO.Path]::Combine($Module, 'bin')
$find = { function Find { [CmdletBinding()] param($Named) Resolve-HelperPath -AzdalPath $Named -Cmdlet $PSCmdlet }; Find $args[0] }

Import-Module $Module
& (Get-Module AzDirectoryActivityLog) $find $Named
& (Get-Module AzDirectoryActivityLog) $find ''
[System.IO.File]::Move("$bin/linux-x64/azdal", "$bin/azdal")
& (Get-Module AzDirectoryActivityLog) $find ''
[System.IO.File]::Move("$bin/azdal", "$bin/away")
& (Get-Module AzDirectoryActivityLog) $find ''
# One of another generation is refused, not passed over.
[System.IO.File]::Move("$bin/other", "$bin/azdal")
Import-Module $Module -Force
try {
    & (Get-Module AzDirectoryActivityLog) $find ''
} catch {
    $_.FullyQualifiedErrorId
    $_.Exception.Message
}
