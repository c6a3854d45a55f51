# What an export came to, from its manifest.
function New-ExportResult {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.ExportResult')]
    param([string] $Folder, [int] $ExitCode, $Child, [AllowNull()] [string[]] $View, $Cmdlet)

    $path = [System.IO.Path]::Combine($Folder, 'manifest.json')
    $manifest = Read-Manifest -Folder $Folder
    if ($null -eq $manifest) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id Untrusted -Target $path -Message (
                    "${path}: the manifest cannot be read")))
    }
    $digest = Get-PropertyValue $Child.Done 'sha256'
    if ([string]::IsNullOrEmpty($digest)) {
        $digest = Get-Sha256Text -Path $path
    }
    $files = [System.Collections.Generic.List[string]]::new()
    $sum = @{ EventCount = [long]0; Requests = [long]0; Retries = [long]0; FirstEvent = $null; LastEvent = $null; SettledUntil = $null }
    $scopes = @(foreach ($scope in @(Get-PropertyValue $manifest 'scopes')) {
            foreach ($file in @(Get-PropertyValue $scope 'files')) {
                if ($null -ne $file) {
                    $files.Add([System.IO.Path]::Combine($Folder, [string](Get-PropertyValue $file 'path')))
                }
            }
            $sum.Requests += [long](Get-PropertyValue $scope 'requests')
            $sum.Retries += [long](Get-PropertyValue $scope 'retries')
            $one = New-ScopeResult $scope
            $sum.EventCount += $one.EventCount
            # The earliest first event, the latest last one, and what all of them are settled until.
            if ($null -ne $one.FirstEvent -and ($null -eq $sum.FirstEvent -or $one.FirstEvent -lt $sum.FirstEvent)) { $sum.FirstEvent = $one.FirstEvent }
            if ($null -ne $one.LastEvent -and ($null -eq $sum.LastEvent -or $one.LastEvent -gt $sum.LastEvent)) { $sum.LastEvent = $one.LastEvent }
            if ($null -ne $one.SettledUntil -and ($null -eq $sum.SettledUntil -or $one.SettledUntil -lt $sum.SettledUntil)) { $sum.SettledUntil = $one.SettledUntil }
            $one
        })
    $assignments = Get-PropertyValue (Get-PropertyValue $manifest 'roleAssignments') 'file'
    if (-not [string]::IsNullOrEmpty($assignments)) {
        $files.Add([System.IO.Path]::Combine($Folder, $assignments))
    }
    foreach ($one in $View) {
        $files.Add($one)
    }
    $identity = Get-PropertyValue $manifest 'identity'
    $who = $null
    if ($null -ne $identity) {
        $who = [pscustomobject]@{
            TenantId = Get-PropertyValue $identity 'tenantId'
            ObjectId = Get-PropertyValue $identity 'objectId'
            Name     = Get-PropertyValue $identity 'name'
            AppId    = Get-PropertyValue $identity 'appId'
        }
    }
    $query = Get-PropertyValue $manifest 'query'
    $started = ConvertTo-UtcTime (Get-PropertyValue $manifest 'started')
    $finished = ConvertTo-UtcTime (Get-PropertyValue $manifest 'finished')
    $duration = $null
    if ($null -ne $started -and $null -ne $finished) {
        $duration = $finished - $started
    }
    $result = [pscustomobject]@{
        Path           = $Folder
        Verdict        = Get-PropertyValue $manifest 'verdict'
        ExitCode       = $ExitCode
        EventCount     = $sum.EventCount
        StartTime      = ConvertTo-UtcTime (Get-PropertyValue $query 'since')
        EndTime        = ConvertTo-UtcTime (Get-PropertyValue $query 'until')
        SettledUntil   = $sum.SettledUntil
        Clamped        = [bool](Get-PropertyValue $query 'clamped')
        FirstEvent     = $sum.FirstEvent
        LastEvent      = $sum.LastEvent
        Scopes         = $scopes
        TenantId       = Get-PropertyValue $identity 'tenantId'
        Identity       = $who
        Requests       = $sum.Requests
        Retries        = $sum.Retries
        Duration       = $duration
        ManifestPath   = $path
        ManifestSha256 = $digest
        Files          = $files.ToArray()
        Warnings       = $Child.Warnings.ToArray()
    }
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.ExportResult')
    return $result
}
