# What the exports that findings came from know of the time: from when until when all of them have events (Since, Until), and
# when their own role assignments were made (Made, rows by scope key and name); Source is a file of the first.
function Get-ExplainingLog {
    param($Store, $Explained)

    $logs = @{ Since = $null; Until = $null; Made = @{}; Source = $null }
    foreach ($path in $Explained.Sources.Keys) {
        $context = Get-ExportContext -Store $Store -SourcePath $path
        if ($null -eq $context) {
            continue
        }
        if ($null -eq $logs.Source) {
            $logs.Source = $path
        }
        if ($null -ne $context.Since -and ($null -eq $logs.Since -or $context.Since -gt $logs.Since)) {
            $logs.Since = $context.Since
        }
        if ($null -ne $context.Until -and ($null -eq $logs.Until -or $context.Until -lt $logs.Until)) {
            $logs.Until = $context.Until
        }
        foreach ($row in $context.Rows) {
            $logs.Made[$row.ScopeKey + '|' + $row.Name.ToLowerInvariant()] = $row
        }
    }
    return $logs
}
