# What an export's manifest says, for the report: its digest, verdict, range, and scopes with what is
# missing of each. Nothing of it is believed before azdal verify has found the export whole: otherwise
# the export has a Problem, and neither range nor counts. Fails where there is no manifest, or one that
# cannot be read.
function Read-ReportExport {
    param([string] $Folder, [string] $AzdalPath, $Cmdlet)

    $path = [System.IO.Path]::Combine($Folder, 'manifest.json')
    if (-not [System.IO.File]::Exists($path)) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id ForeignState -Target $Folder -Message (
                    "${Folder}: no manifest.json: not an export")))
    }
    try {
        $bytes = [System.IO.File]::ReadAllBytes($path)
        $manifest = ConvertFrom-JsonText -Text ([System.Text.Encoding]::UTF8.GetString($bytes))
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id Untrusted -Target $path -InnerException $_.Exception -Message (
                    "${path}: the manifest cannot be read: $($_.Exception.GetBaseException().Message)")))
    }
    $verdict = [string](Get-PropertyValue $manifest 'verdict')
    if ([string](Get-PropertyValue $manifest 'schema') -ne '1' -or ($verdict -cne 'COMPLETE' -and $verdict -cne 'INCOMPLETE')) {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id Untrusted -Target $path -Message (
                    "${path}: not a manifest that this version knows")))
    }
    $digest = Get-Sha256Text -Byte $bytes
    $problem = $null
    $check = Test-ExportFolder -Helper (Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $Cmdlet) -Folder $Folder -Cmdlet $Cmdlet
    if (-not $check.Valid) {
        $problem = $check.Message
        if ($check.Problems.Length -gt 0) {
            $problem = $check.Problems[0]
            if ($check.Problems.Length -gt 1) {
                $problem += ', and ' + (ConvertTo-ReportCount ($check.Problems.Length - 1) 'other problem')
            }
        }
    } elseif ($null -ne $check.Sha256 -and $check.Sha256 -ne $digest) {
        $problem = "${path}: it changed while it was read"
    }
    if ($null -ne $problem) {
        return @{ Folder = $Folder; Sha256 = $digest; Problem = $problem; Tenant = '' }
    }
    return New-ReportExport -Folder $Folder -Digest $digest -Manifest $manifest
}
