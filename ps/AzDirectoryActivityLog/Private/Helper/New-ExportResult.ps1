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
        $hash = [System.Security.Cryptography.SHA256]::Create()
        try {
            $digest = [System.BitConverter]::ToString($hash.ComputeHash([System.IO.File]::ReadAllBytes($path)))
            $digest = $digest.Replace('-', '').ToLowerInvariant()
        } finally {
            $hash.Dispose()
        }
    }
    $events = [long]0
    $requests = [long]0
    $retries = [long]0
    $first = $null
    $last = $null
    $settled = $null
    $files = [System.Collections.Generic.List[string]]::new()
    $scopes = foreach ($scope in @(Get-PropertyValue $manifest 'scopes')) {
        $scopeFirst = ConvertTo-UtcTime (Get-PropertyValue $scope 'firstEvent')
        $scopeLast = ConvertTo-UtcTime (Get-PropertyValue $scope 'lastEvent')
        $scopeSettled = ConvertTo-UtcTime (Get-PropertyValue $scope 'settledUntil')
        $events += [long](Get-PropertyValue $scope 'events')
        $requests += [long](Get-PropertyValue $scope 'requests')
        $retries += [long](Get-PropertyValue $scope 'retries')
        if ($null -ne $scopeFirst -and ($null -eq $first -or $scopeFirst -lt $first)) {
            $first = $scopeFirst
        }
        if ($null -ne $scopeLast -and ($null -eq $last -or $scopeLast -gt $last)) {
            $last = $scopeLast
        }
        if ($null -ne $scopeSettled -and ($null -eq $settled -or $scopeSettled -lt $settled)) {
            $settled = $scopeSettled
        }
        foreach ($file in @(Get-PropertyValue $scope 'files')) {
            if ($null -ne $file) {
                $files.Add([System.IO.Path]::Combine($Folder, [string](Get-PropertyValue $file 'path')))
            }
        }
        $fault = Get-PropertyValue $scope 'error'
        [pscustomobject]@{
            PSTypeName        = 'AzDirectoryActivityLog.ScopeResult'
            Scope             = Get-PropertyValue $scope 'scope'
            Status            = Get-PropertyValue $scope 'status'
            ErrorCode         = Get-PropertyValue $fault 'code'
            ErrorMessage      = Get-PropertyValue $fault 'message'
            EventCount        = [long](Get-PropertyValue $scope 'events')
            FirstEvent        = $scopeFirst
            LastEvent         = $scopeLast
            SettledUntil      = $scopeSettled
            DuplicatesDropped = Get-PropertyValue $scope 'duplicatesDropped'
            ConflictingIds    = Get-PropertyValue $scope 'conflictingIds'
            OutsideRange      = Get-PropertyValue $scope 'outsideRange'
        }
    }
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
        EventCount     = $events
        StartTime      = ConvertTo-UtcTime (Get-PropertyValue $query 'since')
        EndTime        = ConvertTo-UtcTime (Get-PropertyValue $query 'until')
        SettledUntil   = $settled
        Clamped        = [bool](Get-PropertyValue $query 'clamped')
        FirstEvent     = $first
        LastEvent      = $last
        Scopes         = @($scopes)
        TenantId       = Get-PropertyValue $identity 'tenantId'
        Identity       = $who
        Requests       = $requests
        Retries        = $retries
        Duration       = $duration
        ManifestPath   = $path
        ManifestSha256 = $digest
        Files          = $files.ToArray()
        Warnings       = $Child.Warnings.ToArray()
    }
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.ExportResult')
    return $result
}
