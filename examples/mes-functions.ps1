# Get-DirectoryActivityLogs and Get-ActivityLogs of Microsoft-Extractor-Suite 4.1, with azdal behind them: the same
# parameters, defaults, folders, file names, log file and summary. They are functions to dot-source and not a
# switch of the module, so that a script needs no other change, and what they do can be read and changed:
#
#   Connect-AzAccount
#   . ./mes-functions.ps1
#   Get-DirectoryActivityLogs -StartDate 2026-11-01 -Output JSON
#   Get-ActivityLogs
#
# What is different from there:
# - Beside the files stands the folder Export, which proves what was fetched (Test-AzDirectoryActivityLog).
# - JSON holds the server's own text of each event: times keep all their digits, and members their order.
# - An event that pages repeat is there once. A log without events gives an empty list.
# - -Output SOF-ELK, which other commands there have, writes one event per line in UTF-8; there it writes no file.
# - JSON of the directory's log follows -Encoding as the other files do.
# - A subscription that cannot be read is an error and does not stop the others.
Import-Module AzDirectoryActivityLog

# One line on the screen and in Output/LogFile.txt, unless the level is lower.
function Write-MesLine([string] $Text, [string] $LogLevel, [string] $At = 'Standard') {
    $levels = 'None', 'Minimal', 'Standard', 'Debug'
    if ($LogLevel -eq 'None' -or $levels.IndexOf($At) -gt $levels.IndexOf($LogLevel)) { return }
    $null = New-Item -ItemType Directory -Force -Path Output
    Write-Host $Text
    "$(Get-Date -Format 'yyyy-MM-dd HH:mm:ss'): $Text" | Out-File -FilePath Output/LogFile.txt -Append
}

# The folder of a run, below OutputDir (which has to be there) or Output.
function New-MesFolder([string] $OutputDir, [string] $Component, [string] $LogLevel) {
    if ($OutputDir -and -not (Test-Path -Path $OutputDir)) {
        Write-MesLine "[ERROR] Custom base directory invalid: $OutputDir" $LogLevel Minimal
        throw "Custom base directory invalid: $OutputDir"
    }
    if (-not $OutputDir) { $OutputDir = 'Output' }
    $folder = Join-Path (Join-Path $OutputDir $Component) ([datetime]::Now.ToString('yyyyMMdd-HHmmss'))
    (New-Item -ItemType Directory -Force -Path $folder).FullName
}

# Fetches logs into the folder Export of a run; returns the result of the export.
function Save-MesExport([string] $Folder, [string] $Scope, [string] $StartDate, [string] $EndDate, [string] $LogLevel) {
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    # The 90 days that the service still has, without the hour that passes out of them meanwhile; an empty text is no date.
    $start = [datetime]::Now.AddDays(-90).AddMinutes(65)
    if ($StartDate) { $start = [datetime]::Parse($StartDate, $invariant) }
    $end = [datetime]::Now
    if ($EndDate) { $end = [datetime]::Parse($EndDate, $invariant) }
    Write-MesLine "Start Date: $($start.ToUniversalTime().ToString('yyyy-MM-dd HH:mm:ss'))" $LogLevel
    Write-MesLine "End Date: $($end.ToUniversalTime().ToString('yyyy-MM-dd HH:mm:ss'))" $LogLevel
    Export-AzDirectoryActivityLog -Path (Join-Path $Folder 'Export') -Scope $Scope -StartTime $start -EndTime $end -LogLevel $LogLevel -ErrorAction Continue
}

# The events of a file of the export, as text, the newest first.
function Read-MesEvent([string] $Path) {
    $events = @(Import-AzDirectoryActivityLog -LiteralPath $Path | ForEach-Object { $_.Raw })
    [array]::Reverse($events)
    $events
}

# A list of events as one JSON document.
function Join-MesEvent([string[]] $Raw) {
    if ($Raw.Count -eq 1) { $Raw[0] } else { "[`n" + ($Raw -join ",`n") + "`n]" }
}

function Get-DirectoryActivityLogs {
    [CmdletBinding()]
    param(
        [string] $StartDate,
        [string] $EndDate,
        [ValidateSet('CSV', 'JSON', 'JSONL', 'SOF-ELK', '')] [string] $Output = 'CSV',
        [string] $OutputDir,
        [string] $Encoding = 'UTF8',
        [ValidateSet('None', 'Minimal', 'Standard', 'Debug')] [string] $LogLevel = 'Standard'
    )

    $folder = New-MesFolder $OutputDir 'Directory Activity Logs' $LogLevel
    Write-MesLine '=== Starting Directory Activity Log Analysis ===' $LogLevel
    $export = Save-MesExport $folder tenant $StartDate $EndDate $LogLevel
    $raw = @(Read-MesEvent $export.Path)
    switch ($Output) {
        'JSON' { Join-MesEvent $raw | Set-Content -LiteralPath (Join-Path $folder 'DirectoryActivityLogs.JSON') -Encoding $Encoding }
        'JSONL' { Join-MesEvent $raw | Out-File -LiteralPath (Join-Path $folder "$([datetime]::Now.ToString('yyyyMMddHHmmss'))-DirectoryActivityLogs.jsonl") -Encoding $Encoding }
        'SOF-ELK' { [System.IO.File]::WriteAllLines((Join-Path $folder "$([datetime]::Now.ToString('yyyyMMddHHmmss'))-DirectoryActivityLogs.json"), [string[]]$raw) }
        default { $raw | ForEach-Object { ConvertFrom-Json -InputObject $_ } | Export-Csv -LiteralPath (Join-Path $folder 'DirectoryActivityLogs.csv') -NoTypeInformation -Encoding $Encoding }
    }
    Write-MesLine "[INFO] Done all Directory Activity Logs are collected: $($raw.Count) events, $($export.Verdict)" $LogLevel
}

function Get-ActivityLogs {
    [CmdletBinding()]
    param(
        [string] $StartDate,
        [string] $EndDate,
        [string] $SubscriptionID,
        [string] $OutputDir,
        [string] $Encoding = 'UTF8',
        [ValidateSet('None', 'Minimal', 'Standard', 'Debug')] [string] $LogLevel = 'Standard'
    )

    $began = Get-Date
    $folder = New-MesFolder $OutputDir 'Activity Logs' $LogLevel
    Write-MesLine '=== Starting Azure Activity Log Collection ===' $LogLevel
    $scope = 'sub:*'
    if ($SubscriptionID) { $scope = "sub:$SubscriptionID" }
    $export = Save-MesExport $folder $scope $StartDate $EndDate $LogLevel
    $records = 0
    $files = 0
    foreach ($one in $export.Scopes) {
        $id = $one.Scope.Substring(4)
        if ($one.EventCount -eq 0) {
            Write-MesLine "[WARNING] No Activity logs in subscription: $id ($($one.Status)) $($one.ErrorMessage)" $LogLevel Minimal
            continue
        }
        # One file for each subscription, named as there.
        $data = $export.Files | Where-Object { $_ -match "[\\/]subscriptions[\\/]$id\.ndjson\.gz$" }
        $file = Join-Path $folder "$([datetime]::Now.ToString('yyyyMMddHHmmss'))-$id-ActivityLog.json"
        Join-MesEvent (Read-MesEvent $data) | Set-Content -LiteralPath $file -Encoding $Encoding
        Write-MesLine "[INFO] Found $($one.EventCount) activity logs in subscription: $id" $LogLevel
        $records += $one.EventCount
        $files++
    }
    Write-MesLine @"

=== Activity Log Collection Summary ===

Collection Results:
  Total Records: $records
  Files Created: $files

Subscriptions:
  Total Processed: $(@($export.Scopes).Count)
  With Data: $files
  Empty: $(@($export.Scopes).Count - $files)

Export Details:
  Processing Time: $(((Get-Date) - $began).ToString('mm\:ss'))

Note: Output files saved to: $folder
"@ $LogLevel
}
