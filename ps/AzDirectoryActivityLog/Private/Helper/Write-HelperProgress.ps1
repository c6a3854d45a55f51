# Shows the helper's progress as a progress record.
function Write-HelperProgress {
    param($Child, $Cmdlet, $Message)

    $share = [double](Get-PropertyValue $Message 'share')
    if (-not ($share -ge 0 -and $share -le 1)) {
        $share = 0
    }
    $text = '{0} events, {1:0.0} MiB, {2} requests' -f @(
        (Get-PropertyValue $Message 'events')
        ([double](Get-PropertyValue $Message 'bytes') / 1MB)
        (Get-PropertyValue $Message 'requests'))
    $retries = Get-PropertyValue $Message 'retries'
    if ([long]$retries -gt 0) {
        $text += ", $retries retries"
    }
    $scopes = Get-PropertyValue $Message 'scopes'
    if ([long]$scopes -gt 1) {
        $text += ', {0} of {1} scopes' -f (Get-PropertyValue $Message 'scopesDone'), $scopes
    }
    $record = [System.Management.Automation.ProgressRecord]::new($Child.ActivityId, $Child.Activity, $text)
    $record.PercentComplete = [int][System.Math]::Floor(100 * $share)
    $Cmdlet.WriteProgress($record)
    $Child.Drawn = $true
}
