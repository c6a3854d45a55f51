# What Get-AzRoleAssignment gives for a scope: Rows, or the Failure (an error record). Where the service
# asks for patience, or did not answer in time, it is asked again, at most twice.
function Get-LiveAssignment {
    param($Store, [string] $Scope)

    $with = @{ Scope = $Scope; ErrorAction = 'Stop' }
    if ($Store.Command.Parameters.ContainsKey('SkipClientSideScopeValidation')) {
        $with.SkipClientSideScopeValidation = $true
    }
    if ($null -ne $Store.DefaultProfile -and $Store.Command.Parameters.ContainsKey('DefaultProfile')) {
        $with.DefaultProfile = $Store.DefaultProfile
    }
    for ($try = 0; ; $try++) {
        try {
            return @{ Rows = @(Get-AzRoleAssignment @with); Failure = $null }
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            if ($try -ge $script:LookupWaitMs.Length -or -not [regex]::IsMatch((Get-FailureText $_),
                    'TooManyRequests|\b429\b|\b50[0234]\b|throttl|timed? ?out|temporarily|TaskCanceled', $script:AnyCase)) {
                return @{ Rows = @(); Failure = $_ }
            }
            [System.Threading.Thread]::Sleep($script:LookupWaitMs[$try])
        }
    }
}
