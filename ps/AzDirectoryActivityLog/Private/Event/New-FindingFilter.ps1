# What -Rule and a -Caller with wildcards let through, as a script block that takes a finding; null where
# all pass.
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
    return {
        param($Finding)
        $fits = $rules.Length -eq 0
        foreach ($pattern in $rules) {
            if ($pattern.IsMatch([string]$Finding.Rule)) { $fits = $true }
        }
        $fits -and ($null -eq $who -or $who.IsMatch([string]$Finding.Caller))
    }.GetNewClosure()
}
