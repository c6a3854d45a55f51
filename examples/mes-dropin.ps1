# A script that called Get-DirectoryActivityLogs of Microsoft-Extractor-Suite works after changing the
# command's name: the parameters are the same. Beside the file it wrote before stands the export, which
# proves what was fetched and can be resumed.
#
#   Connect-AzAccount
#   ./mes-dropin.ps1 -StartDate 2026-11-01 -EndDate 2026-11-15 -OutputDir ./Output
param(
    [datetime] $StartDate = [datetime]::Now.AddDays(-30),
    [datetime] $EndDate = [datetime]::Now,
    [string] $OutputDir = 'Output/DirectoryActivityLogs'
)

Import-Module AzDirectoryActivityLog
Export-AzDirectoryActivityLog -StartDate $StartDate -EndDate $EndDate -Output CSV -OutputDir $OutputDir -Encoding UTF8 -LogLevel Standard
