# The JSON of an event on the pipeline: its own text (Raw) where it has one; else what Get-AzActivityLog,
# Import-Csv or Import-Clixml gave, written in the names of the service. Null for what is no event.
function Get-EventText {
    param($InputObject)

    if ($InputObject -is [string] -or $InputObject -is [System.IO.FileSystemInfo]) {
        return $null
    }
    $members = $InputObject.PSObject.Properties
    $raw = $members['Raw']
    if ($null -ne $raw -and -not [string]::IsNullOrEmpty([string]$raw.Value)) {
        return [string]$raw.Value
    }
    $known = $false
    foreach ($name in $script:EventMark) {
        if ($null -ne $members[$name] -or ($InputObject -is [System.Collections.IDictionary] -and $InputObject.Contains($name))) {
            $known = $true
        }
    }
    if (-not $known) {
        return $null
    }
    return Microsoft.PowerShell.Utility\ConvertTo-Json -InputObject (ConvertTo-ServiceEvent -InputObject $InputObject) -Depth 12 -Compress
}
