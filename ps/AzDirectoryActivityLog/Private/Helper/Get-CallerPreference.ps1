# What the caller of a function has set its preference variables to, as name and value: a module does
# not see the variables of a script that calls it, so that $ErrorActionPreference = 'Stop' or
# $WhatIfPreference = $true there would say nothing here. A parameter that was given comes first.
function Get-CallerPreference {
    param($Cmdlet)

    $bound = $Cmdlet.MyInvocation.BoundParameters
    foreach ($pair in @(
            @('ErrorActionPreference', 'ErrorAction'), @('WarningPreference', 'WarningAction'), @('VerbosePreference', 'Verbose')
            @('DebugPreference', 'Debug'), @('ProgressPreference', 'ProgressAction'), @('WhatIfPreference', 'WhatIf')
            @('ConfirmPreference', 'Confirm'))) {
        if ($bound.ContainsKey($pair[1])) {
            continue
        }
        $value = $Cmdlet.SessionState.PSVariable.GetValue($pair[0])
        if ($null -ne $value) {
            @{ Name = $pair[0]; Value = $value }
        }
    }
}
