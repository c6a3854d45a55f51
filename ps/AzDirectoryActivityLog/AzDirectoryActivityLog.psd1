@{
    RootModule = 'AzDirectoryActivityLog.psm1'
    ModuleVersion = '0.1.0'
    GUID = '6b0c7f0e-6f4b-4d0f-9d0c-3b1f6f3d2a57'
    Author = 'The azdal authors'
    CompanyName = 'Unknown'
    Copyright = '(c) The azdal authors. MIT licence.'
    Description = 'Fetches the tenant-level Azure activity log (Directory Activity Log), keeps it as evidence, finds privileged operations in it and joins them with role assignments.'
    PowerShellVersion = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess = @('AzDirectoryActivityLog.Format.ps1xml')
    FunctionsToExport = @(
        'Export-AzDirectoryActivityLog'
        'Export-AzDirectoryActivityReport'
        'Find-AzPrivilegedOperation'
        'Get-AzDirectoryActivityLog'
        'Get-AzPrivilegedActivity'
        'Import-AzDirectoryActivityLog'
        'Join-AzRoleAssignment'
        'Test-AzDirectoryActivityAccess'
        'Test-AzDirectoryActivityLog'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
    PrivateData = @{
        PSData = @{
            Tags = @('Azure', 'ActivityLog', 'Forensics', 'IncidentResponse', 'RBAC')
        }
    }
}
