# A script that called Get-DirectoryActivityLogs of Microsoft-Extractor-Suite works after changing the
# command's name: the parameters are the same, and an empty date means no date. OutputDir is the folder of the
# export itself here, which proves what was fetched and can be resumed; the file of events lies in it.
# Where folders and file names have to be those of the suite, use mes-functions.ps1.
#
#   Connect-AzAccount
#   ./mes-dropin.ps1 -StartDate 2026-11-01 -EndDate 2026-11-15 -OutputDir ./Output
param(
    [string] $StartDate,
    [string] $EndDate,
    [ValidateSet('CSV', 'JSON', 'JSONL')] [string] $Output = 'CSV',
    [string] $OutputDir = 'Output/DirectoryActivityLogs',
    [string] $Encoding = 'UTF8',
    [string] $LogLevel = 'Standard'
)

Import-Module AzDirectoryActivityLog
$range = @{}
if ($StartDate) { $range.StartDate = [datetime]::Parse($StartDate, [System.Globalization.CultureInfo]::InvariantCulture) }
if ($EndDate) { $range.EndDate = [datetime]::Parse($EndDate, [System.Globalization.CultureInfo]::InvariantCulture) }
Export-AzDirectoryActivityLog @range -Output $Output -OutputDir $OutputDir -Encoding $Encoding -LogLevel $LogLevel
