# Get-DirectoryActivityLogs and Get-ActivityLogs of Microsoft-Extractor-Suite, with azdal behind them: the same
# parameters, defaults, folders and file names, and beside each file the export that proves what was
# fetched. They are two functions to dot-source and not a switch of the module, so that a script needs no
# change but this line, and what they do can be read and changed:
#
#   Connect-AzAccount
#   . ./mes-functions.ps1
#   Get-DirectoryActivityLogs -StartDate 2026-11-01 -Output JSON
#   Get-ActivityLogs
#
# Other than there: no page and no subscription is passed over, and a day has no most of 1,000 events.
Import-Module AzDirectoryActivityLog

# Fetches one log into FOLDER and writes FILE beside it; returns the result of the export.
function Save-MesLog([string[]] $Scope, [string] $Folder, [string] $File, [string] $Output, [string] $StartDate, [string] $EndDate, [string] $Encoding, [string] $LogLevel) {
    $with = @{ Path = $Folder; Scope = $Scope; LogLevel = $LogLevel; Output = $Output; Encoding = $Encoding; ErrorAction = 'Continue' }
    # An empty text is no date, as there.
    if ($StartDate) { $with.StartTime = [datetime] $StartDate }
    if ($EndDate) { $with.EndTime = [datetime] $EndDate }
    $export = Export-AzDirectoryActivityLog @with
    Copy-Item -LiteralPath (Join-Path $Folder "DirectoryActivityLogs.$($Output.ToLowerInvariant())") -Destination $File
    $export
}

# One line on the screen and in Output/LogFile.txt, unless the level is lower.
function Write-MesLine([string] $Text, [string] $LogLevel) {
    if ($LogLevel -eq 'None') { return }
    $null = New-Item -ItemType Directory -Force -Path Output
    Add-Content -LiteralPath 'Output/LogFile.txt' -Value "$([datetime]::Now.ToString('yyyy-MM-dd HH:mm:ss')) - $Text"
    if ($LogLevel -ne 'Minimal') { Write-Host $Text }
}

function Get-DirectoryActivityLogs {
    [CmdletBinding()]
    param(
        [string] $StartDate,
        [string] $EndDate,
        [ValidateSet('CSV', 'JSON', 'JSONL')] [string] $Output = 'CSV',
        [string] $OutputDir = 'Output/DirectoryActivityLogs',
        [string] $Encoding = 'UTF8',
        [ValidateSet('None', 'Minimal', 'Standard', 'Debug')] [string] $LogLevel = 'Standard'
    )

    if (-not $OutputDir) { $OutputDir = 'Output/DirectoryActivityLogs' }
    $null = New-Item -ItemType Directory -Force -Path $OutputDir
    $date = [datetime]::Now.ToString('yyyyMMddHHmmss')
    $ending = @{ CSV = 'csv'; JSON = 'JSON'; JSONL = 'jsonl' }[$Output]
    Write-MesLine '=== Starting Directory Activity Log Analysis ===' $LogLevel
    $export = Save-MesLog tenant (Join-Path $OutputDir "$date-DirectoryActivityLogs") (Join-Path $OutputDir "$date-DirectoryActivityLogs.$ending") $Output $StartDate $EndDate $Encoding $LogLevel
    Write-MesLine "[INFO] Done all Directory Activity Logs are collected: $($export.EventCount) events, $($export.Verdict)" $LogLevel
}

function Get-ActivityLogs {
    [CmdletBinding()]
    param(
        [string] $StartDate,
        [string] $EndDate,
        [string] $SubscriptionID,
        [string] $OutputDir = 'Output/AzureActivityLogs',
        [ValidateSet('CSV', 'JSON', 'JSONL')] [string] $Output = 'JSON',
        [string] $Encoding = 'UTF8',
        [ValidateSet('None', 'Minimal', 'Standard', 'Debug')] [string] $LogLevel = 'Standard'
    )

    if (-not $OutputDir) { $OutputDir = 'Output/AzureActivityLogs' }
    $null = New-Item -ItemType Directory -Force -Path $OutputDir
    $date = [datetime]::Now.ToString('yyyyMMddHHmmss')
    $scope = 'sub:*'
    if ($SubscriptionID) { $scope = "sub:$SubscriptionID" }
    $folder = Join-Path $OutputDir "$date-ActivityLog"
    $with = @{ Path = $folder; Scope = $scope; LogLevel = $LogLevel; ErrorAction = 'Continue' }
    if ($StartDate) { $with.StartTime = [datetime] $StartDate }
    if ($EndDate) { $with.EndTime = [datetime] $EndDate }
    $export = Export-AzDirectoryActivityLog @with
    # One file for each subscription, named as there.
    foreach ($one in $export.Scopes) {
        $id = $one.Scope.Substring(4)
        $file = Join-Path $OutputDir "$date-$id-ActivityLog.$($Output.ToLowerInvariant())"
        $kind = @{ CSV = 'csv'; JSON = 'json'; JSONL = 'ndjson' }[$Output]
        $data = Join-Path $folder "subscriptions/$id.ndjson.gz"
        if ($one.EventCount -eq 0 -or -not (Test-Path -LiteralPath $data)) {
            Write-MesLine "[INFO] No Activity Logs found in subscription: $id" $LogLevel
            continue
        }
        azdal cat --format $kind $data | Out-File -LiteralPath $file -Encoding $Encoding
        Write-MesLine "[INFO] Done all logs are collected for $id ($($one.EventCount) events)" $LogLevel
    }
}
