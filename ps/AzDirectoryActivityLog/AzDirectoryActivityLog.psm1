# AzDirectoryActivityLog: events of the tenant's activity log as objects, findings in them, and who
# holds what today. The work on the log itself is done by the helper program azdal; this module
# starts it, reads what it prints, hands it tokens, and asks Az about role assignments.
#
# The module's own code calls Microsoft.PowerShell.Core commands, ConvertFrom-Json and the three Az
# commands it is about, and others by their module's name alone, so that it is not at the mercy of
# commands of the same names in the session. Importing it is silent and touches nothing.

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    throw 'AzDirectoryActivityLog needs PowerShell in FullLanguage mode, and this session is restricted by policy. The program azdal does the same work without PowerShell: azdal acquire, azdal scan, azdal verify.'
}
Set-StrictMode -Version Latest

# Where the module's own files are; $PSScriptRoot of a function is its own folder.
$script:ModuleFolder = $PSScriptRoot
# Begin of the files; src/dist puts their contents here.
. ([System.IO.Path]::Combine($PSScriptRoot, 'Tables.ps1'))
foreach ($script:Folder in 'Private', 'Public') {
    $script:Files = [System.IO.Directory]::GetFiles(
        [System.IO.Path]::Combine($PSScriptRoot, $script:Folder), '*.ps1', [System.IO.SearchOption]::AllDirectories)
    [array]::Sort($script:Files, [System.StringComparer]::Ordinal)
    foreach ($script:File in $script:Files) {
        . $script:File
    }
}
# End of the files.

# What the objects of this module have, so that names complete behind its commands; members of events that are
# read when they are first asked for; the rank by which severities sort. Set here and not in a types file, which a
# second copy of the module could not load into the same session.
foreach ($script:Name in $script:ObjectProperty.Keys) {
    $script:Data = [System.Management.Automation.Runspaces.TypeData]::new('AzDirectoryActivityLog.' + $script:Name)
    foreach ($script:One in $script:ObjectProperty[$script:Name]) {
        $script:Data.Members.Add($script:One, [System.Management.Automation.Runspaces.NotePropertyData]::new($script:One, $null))
    }
    if ($script:Name -eq 'Event') {
        foreach ($script:One in $script:EventMember.Keys) {
            $script:Data.Members.Add($script:One, [System.Management.Automation.Runspaces.ScriptPropertyData]::new($script:One, $script:EventMember[$script:One]))
        }
    } elseif ($script:Name -eq 'Finding') {
        $script:Data.Members.Add('SeverityRank', [System.Management.Automation.Runspaces.ScriptPropertyData]::new('SeverityRank', $script:SeverityRank))
        # It is there to sort by, and no column of what is saved.
        $script:Data.Members['SeverityRank'].IsHidden = $true
        $script:Data.DefaultKeyPropertySet = [System.Management.Automation.Runspaces.PropertySetData]::new([string[]]@('SeverityRank', 'Time'))
    }
    Microsoft.PowerShell.Utility\Update-TypeData -TypeData $script:Data -Force
}

# Nothing that this module started outlives it.
$ExecutionContext.SessionState.Module.OnRemove = { Clear-HelperProcess -All }

Export-ModuleMember -Function @(
    'Export-AzDirectoryActivityLog'
    'Export-AzDirectoryActivityReport'
    'Find-AzPrivilegedOperation'
    'Get-AzDirectoryActivityLog'
    'Get-AzPrivilegedActivity'
    'Import-AzDirectoryActivityLog'
    'Join-AzRoleAssignment'
    'Test-AzDirectoryActivityAccess'
    'Test-AzDirectoryActivityLog'
) -Cmdlet @() -Variable @() -Alias @()
