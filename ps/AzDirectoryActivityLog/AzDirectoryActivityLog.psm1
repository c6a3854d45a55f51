# AzDirectoryActivityLog: events of the tenant's activity log as objects, findings in them, and who
# holds what today. The work on the log itself is done by the helper program azdal; this module
# starts it, reads what it prints, hands it tokens, and asks Az about role assignments.
#
# The module's own code calls Microsoft.PowerShell.Core commands, ConvertFrom-Json and the three Az
# commands it is about, and nothing else, so that it works in bare hosts and is not at the mercy of
# commands of the same names in the session. Importing it is silent and touches nothing.

Set-StrictMode -Version Latest

# Where the module's own files are; $PSScriptRoot of a function is its own folder.
$script:ModuleFolder = $PSScriptRoot
. ([System.IO.Path]::Combine($PSScriptRoot, 'Tables.ps1'))
foreach ($script:Folder in 'Private', 'Public') {
    $script:Files = [System.IO.Directory]::GetFiles(
        [System.IO.Path]::Combine($PSScriptRoot, $script:Folder), '*.ps1', [System.IO.SearchOption]::AllDirectories)
    [array]::Sort($script:Files, [System.StringComparer]::Ordinal)
    foreach ($script:File in $script:Files) {
        . $script:File
    }
}

# Nothing that this module started outlives it.
$ExecutionContext.SessionState.Module.OnRemove = { Clear-HelperProcess -All }

Export-ModuleMember -Function @(
    'Export-AzDirectoryActivityLog'
    'Export-AzDirectoryActivityReport'
    'Find-AzPrivilegedOperation'
    'Get-AzDirectoryActivityLog'
    'Import-AzDirectoryActivityLog'
    'Join-AzRoleAssignment'
    'Test-AzDirectoryActivityAccess'
    'Test-AzDirectoryActivityLog'
) -Cmdlet @() -Variable @() -Alias @()
