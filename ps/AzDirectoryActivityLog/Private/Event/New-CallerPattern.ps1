# The pattern of a -Caller with wildcards, which azdal does not know; null for one without.
function New-CallerPattern {
    param([string] $Caller)

    if ([System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Caller)) {
        return [System.Management.Automation.WildcardPattern]::new($Caller, $script:AnyCaseWildcard)
    }
}
