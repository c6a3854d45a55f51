# Whether one of the names matches a pattern, or is one that matches it, in any language: what -like does depends on that
# of the session.
function Test-NamePattern {
    [CmdletBinding()]
    [OutputType([bool])]
    param([string[]] $Name, [string] $Pattern)

    $wanted = [System.Management.Automation.WildcardPattern]::new($Pattern, $script:AnyCaseWildcard)
    foreach ($one in $Name) {
        if ($wanted.IsMatch($one) -or [System.Management.Automation.WildcardPattern]::new($one, $script:AnyCaseWildcard).IsMatch($Pattern)) {
            return $true
        }
    }
    return $false
}
