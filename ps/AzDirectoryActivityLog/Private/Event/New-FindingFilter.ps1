# What -Rule and a -Caller with wildcards let through (Test-FindingFilter); null where all pass.
function New-FindingFilter {
    param([AllowNull()] [string[]] $Rule, [AllowNull()] [string] $Caller)

    $options = [System.Management.Automation.WildcardOptions]'IgnoreCase, CultureInvariant'
    $rules = @(foreach ($one in $Rule) { if ($one) { [System.Management.Automation.WildcardPattern]::new($one, $options) } })
    $who = $null
    if ($Caller) {
        $who = [System.Management.Automation.WildcardPattern]::new($Caller, $options)
    }
    if ($rules.Length -eq 0 -and $null -eq $who) {
        return $null
    }
    return @{ Rules = $rules; Who = $who }
}
