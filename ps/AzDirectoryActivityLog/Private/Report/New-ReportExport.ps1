# An export that was verified: what its manifest proves, and what not.
function New-ReportExport {
    param([string] $Folder, [string] $Digest, $Manifest)

    $query = Get-PropertyValue $Manifest 'query'
    $who = Get-PropertyValue $Manifest 'identity'
    $asked = @(Get-PropertyValue $query 'scopes')
    $export = @{
        Folder = $Folder; Sha256 = $Digest; Problem = $null; Tenant = [string](Get-PropertyValue $who 'tenantId')
        Tool = Get-PropertyValue $Manifest 'tool'; Endpoint = Get-PropertyValue $Manifest 'endpoint'
        Started = ConvertTo-UtcTime (Get-PropertyValue $Manifest 'started'); Finished = ConvertTo-UtcTime (Get-PropertyValue $Manifest 'finished')
        Since = ConvertTo-UtcTime (Get-PropertyValue $query 'since'); Until = ConvertTo-UtcTime (Get-PropertyValue $query 'until')
        Asked = $asked; OnlyTenant = $asked.Length -eq 1 -and [string]$asked[0] -eq 'tenant'; Clamped = (Get-PropertyValue $query 'clamped') -eq $true
        Skew = [math]::Abs([long](Get-PropertyValue $Manifest 'clockSkewSeconds')); Skewed = $false
        ReadAs = @(foreach ($one in @('', 'name'), @('object', 'objectId'), @('application', 'appId'), @('tenant', 'tenantId')) {
                $text = [string](Get-PropertyValue $who $one[1])
                if ($text.Length -gt 0) { @{ Label = $one[0]; Text = $text } }
            })
        Scopes = $null; Lacking = $null; Whole = 0; Complete = $false; Events = [long]0; Settled = $null; Late = $false
        Roles = $null; Files = $null
    }
    $export.Skewed = $export.Skew -ge 60
    $held = Get-PropertyValue $Manifest 'roleAssignments'
    if ($null -ne $held) {
        $all = @(Get-PropertyValue $held 'scopes')
        $export.Roles = @{
            ReadAt = ConvertTo-UtcTime (Get-PropertyValue $held 'readAt'); Scopes = $all
            Unread = @(foreach ($one in $all) { if ([string](Get-PropertyValue $one 'status') -ne 'complete') { Get-PropertyValue $one 'scope' } })
        }
    }
    $scopes = @(foreach ($scope in @(Get-PropertyValue $Manifest 'scopes')) { if ($null -ne $scope) { $scope } })
    $made = @(foreach ($scope in $scopes) { New-ReportScope -Scope $scope -Export $export })
    $export.Files = @(foreach ($scope in $scopes) {
            foreach ($file in @(Get-PropertyValue $scope 'files')) {
                if ($null -eq $file) { continue }
                $content = Get-PropertyValue $file 'content'
                @{
                    Path = Get-PropertyValue $file 'path'; Bytes = [long](Get-PropertyValue $file 'bytes'); Events = [long](Get-PropertyValue $content 'lines')
                    Sha256 = Get-PropertyValue $file 'sha256'; Content = Get-PropertyValue $content 'sha256'
                }
            }
        })
    foreach ($one in $made) {
        $export.Events += $one.Events
        if ($one.Complete -and $null -ne $one.Settled -and ($null -eq $export.Settled -or $one.Settled -lt $export.Settled)) {
            $export.Settled = $one.Settled
        }
    }
    $export.Late = $null -ne $export.Settled -and $null -ne $export.Until -and $export.Settled -lt $export.Until
    # Those that lack something come first.
    $export.Lacking = @(foreach ($one in $made) { if ($one.Lacks) { $one } })
    $export.Scopes = $export.Lacking + @(foreach ($one in $made) { if (-not $one.Lacks) { $one } })
    $export.Whole = $made.Length - $export.Lacking.Length
    # A manifest that contradicts itself proves nothing.
    $export.Complete = [string](Get-PropertyValue $Manifest 'verdict') -ceq 'COMPLETE' -and $export.Lacking.Length -eq 0
    return $export
}
