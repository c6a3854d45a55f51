# Whether one of the names matches a pattern, or is one that matches it, in any language: what -like does depends on that
# of the session.
function Test-NamePattern {
    [CmdletBinding()]
    [OutputType([bool])]
    param([string[]] $Name, [string] $Pattern)

    $how = [System.Management.Automation.WildcardOptions]'IgnoreCase, CultureInvariant'
    $wanted = [System.Management.Automation.WildcardPattern]::new($Pattern, $how)
    foreach ($one in $Name) {
        if ($wanted.IsMatch($one) -or [System.Management.Automation.WildcardPattern]::new($one, $how).IsMatch($Pattern)) {
            return $true
        }
    }
    return $false
}
