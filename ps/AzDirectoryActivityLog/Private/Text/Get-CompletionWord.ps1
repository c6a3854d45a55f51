# The words that complete the value of a parameter: rules, operations, scopes or statuses that begin with what is typed.
function Get-CompletionWord {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Kind, [AllowEmptyString()] [string] $Word)

    $all = switch ($Kind) {
        'Rule' { $script:RuleName }
        'Operation' { $script:OperationName }
        'Scope' { 'tenant', 'mg:*', 'sub:*', 'all' }
        'LogScope' { 'tenant', 'mg:', 'sub:' }
        'Status' { 'Succeeded', 'Failed', 'Started', 'Accepted' }
    }
    # A quote that was typed in front stays there, and wildcards are those of -like.
    $quote = [regex]::Match($Word, '^[''"]').Value
    $pattern = [System.Management.Automation.WildcardPattern]::new(
        $Word.Trim('"', "'") + '*', $script:AnyCaseWildcard)
    foreach ($one in $all) {
        if ($pattern.IsMatch($one)) { $quote + $one + $quote }
    }
}
