# What -Rule and a pattern of -Caller (New-CallerPattern) let through (Test-FindingFilter); null where all pass.
function New-FindingFilter {
    param([AllowNull()] [string[]] $Rule, [AllowNull()] $Caller)

    $rules = @(foreach ($one in $Rule) {
            if ($one) { [System.Management.Automation.WildcardPattern]::new($one, $script:AnyCaseWildcard) }
        })
    if ($rules.Length -eq 0 -and $null -eq $Caller) {
        return $null
    }
    return @{ Rules = $rules; Who = $Caller }
}
