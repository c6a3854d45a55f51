# How it is known which roles still stand, and when that was.
function Get-ReportLookup {
    [CmdletBinding()]
    [OutputType([string])]
    param($Report)

    if (-not $Report.Joined) {
        return 'As the export recorded it, and not looked up since (Join-AzRoleAssignment does that).'
    }
    $sources = [System.Collections.Generic.List[string]]::new()
    $first = $null
    foreach ($row in $Report.Standing) {
        $one = $row.Finding
        $time = ConvertTo-UtcTime $one.Value['LookupTime']
        if ($null -ne $time -and ($null -eq $first -or $time -lt $first)) {
            $first = $time
        }
        $source = [string]$one.Value['Source']
        if ($script:ReportSource.ContainsKey($source)) {
            $source = $script:ReportSource[$source]
        }
        if ($source.Length -gt 0 -and -not $sources.Contains($source)) {
            $sources.Add($source)
        }
    }
    $text = 'As known'
    if ($null -ne $first) {
        $text += ' on ' + (ConvertTo-ReportTime $first) + ' UTC'
    }
    if ($sources.Count -gt 0) {
        $text += ' from ' + [string]::Join(' and ', $sources)
    }
    return $text + '.'
}
