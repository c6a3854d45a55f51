# What somebody does first with the unpacked module: import it and make an export.
param([string] $Module, [string] $Endpoint, [string] $Token, [string] $Folder)

$ErrorActionPreference = 'Stop'
Import-Module $Module
"module $((Get-Module AzDirectoryActivityLog).Version)"
"helper $(& (Get-Module AzDirectoryActivityLog) { function Find { [CmdletBinding()] param() Resolve-HelperPath -AzdalPath '' -Cmdlet $PSCmdlet }; Find })"
$result = Export-AzDirectoryActivityLog -Path $Folder -Endpoint $Endpoint -AccessToken $Token
"verdict $($result.Verdict)"
