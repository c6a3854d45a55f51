# Asks before -Restart replaces an export: the service keeps 90 days, so that what is older does not come
# back. -Confirm:$false of the caller, or $ConfirmPreference, answers it.
function Confirm-Replacement {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    [OutputType([bool])]
    param([string] $Folder, $Cmdlet)

    $manifest = Read-Manifest -Folder $Folder
    if ($null -eq $manifest) {
        return $true
    }
    $events = [long]0
    foreach ($scope in @(Get-PropertyValue $manifest 'scopes')) {
        $events += [long](Get-PropertyValue $scope 'events')
    }
    $query = Get-PropertyValue $manifest 'query'
    $what = '{0} holds {1} events from {2} to {3}. -Restart replaces them with what the service still has, which is no more than 90 days.' -f @(
        $Folder, $events, (Get-PropertyValue $query 'since'), (Get-PropertyValue $query 'until'))
    try {
        return $PSCmdlet.ShouldProcess($what, "$what Replace them?", 'Replace an export')
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        # Nobody is there to be asked.
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id ForeignState -Target $Folder -InnerException $_.Exception -Message $what -Hint (
                    '-Restart -Confirm:$false replaces them without a question')))
    }
}
