# The Azure context in use, or null where Az is not there or nobody is signed in.
function Get-AzContextOrNull {
    param($DefaultProfile)

    if ($null -ne $DefaultProfile) {
        $context = Get-PropertyValue $DefaultProfile 'DefaultContext'
        if ($null -ne $context) {
            return $context
        }
        if ($null -ne (Get-PropertyValue $DefaultProfile 'Tenant')) {
            return $DefaultProfile
        }
    }
    $command = Get-Command -Name Get-AzContext -ErrorAction Ignore
    if ($null -eq $command) {
        return $null
    }
    $with = @{ ErrorAction = 'Stop' }
    if ($null -ne $DefaultProfile -and $command.Parameters.ContainsKey('DefaultProfile')) {
        $with.DefaultProfile = $DefaultProfile
    }
    try {
        $context = @(Get-AzContext @with)
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        return $null
    }
    if ($context.Count -eq 0) {
        return $null
    }
    return $context[0]
}
