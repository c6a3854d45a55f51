# Runs one file of cases in this PowerShell, with its own commands: run-cases.ps1 cases/join.ps1
param([Parameter(Mandatory = $true)] [string] $Case)

$ErrorActionPreference = 'Stop'
. ([System.IO.Path]::Combine($PSScriptRoot, 'lib.ps1')) -Root ([System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..')))
. $Case
Complete-Test
