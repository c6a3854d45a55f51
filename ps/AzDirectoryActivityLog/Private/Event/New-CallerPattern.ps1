# The pattern of a -Caller with wildcards, or with wildcards that a ` makes plain, which azdal does not know; null for one without.
function New-CallerPattern {
    param([string] $Caller)

    if ([System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Caller) -or ([string]$Caller).Contains('`')) {
        return [System.Management.Automation.WildcardPattern]::new($Caller, $script:AnyCaseWildcard)
    }
}
