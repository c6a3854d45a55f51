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
    foreach ($one in $all) {
        if ($one.StartsWith($Word, [System.StringComparison]::OrdinalIgnoreCase)) { $one }
    }
}
