# The way of Microsoft-Extractor-Suite: all pages are collected in an array that grows by +=, each
# event is rebuilt as an object of its own, and one ConvertTo-Json prints them all.
param([string] $Url, [string] $TokenFile, [string] $Out)

$ErrorActionPreference = 'Stop'
$headers = @{ Authorization = 'Bearer ' + [System.IO.File]::ReadAllText($TokenFile).Trim() }
$link = $Url
$all = @()
do {
    $page = Invoke-RestMethod -Method Get -Uri $link -Headers $headers
    $all += $page.value
    $link = $page.nextLink
} while ($null -ne $link)
$rebuilt = $all | ForEach-Object {
    $fields = @{}
    foreach ($field in $_.PSObject.Properties) {
        $fields[$field.Name] = $field.Value
    }
    [pscustomobject] $fields
}
$rebuilt | ConvertTo-Json -Depth 100 | Set-Content -Path $Out
