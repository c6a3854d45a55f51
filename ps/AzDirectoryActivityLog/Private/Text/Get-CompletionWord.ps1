# The words that complete the value of a parameter: rules, operations, scopes, statuses or callers that begin with what is typed.
#   Bound  the parameters that stand beside it. Callers and holders are those of the files named there; without files, of
#          what was found in this session.
function Get-CompletionWord {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Kind, [AllowEmptyString()] [string] $Word, [AllowNull()] $Bound)

    $read = @{ ErrorAction = 'Ignore'; WarningAction = 'Ignore' }
    foreach ($name in 'Path', 'LiteralPath', 'AzdalPath') {
        if ($null -ne $Bound -and $Bound[$name]) { $read[$name] = $Bound[$name] }
    }
    $files = $read.ContainsKey('Path') -or $read.ContainsKey('LiteralPath')
    $all = switch ($Kind) {
        'Rule' { $script:RuleName }
        'Operation' { $script:OperationName }
        'Scope' { 'tenant', 'mg:*', 'sub:*', 'all' }
        'LogScope' { 'tenant', 'mg:', 'sub:' }
        'Status' { 'Succeeded', 'Failed', 'Started', 'Accepted' }
        'Caller' { if ($files) { (Find-AzPrivilegedOperation @read).Caller } else { $script:FoundCaller } }
        'Holder' {
            if ($files) {
                foreach ($row in Get-AzPrivilegedActivity @read) { if ($row.HolderName) { $row.HolderName } else { $row.Holder } }
            } else {
                $script:FoundCaller
            }
        }
    }
    # A quote that was typed in front stays there, and wildcards are those of -like.
    $quote = [regex]::Match($Word, '^[''"]').Value
    $pattern = [System.Management.Automation.WildcardPattern]::new(
        $Word.Trim('"', "'") + '*', $script:AnyCaseWildcard)
    if ($Kind -ne 'Caller' -and $Kind -ne 'Holder') {
        foreach ($one in $all) {
            if ($pattern.IsMatch($one)) { $quote + $one + $quote }
        }
        return
    }
    # Who acted is text of a log: it is quoted as it needs, and its wildcards mean themselves.
    foreach ($one in [System.Collections.Generic.SortedSet[string]]::new([string[]]@($all), [System.StringComparer]::OrdinalIgnoreCase)) {
        if (-not $pattern.IsMatch($one) -or [regex]::IsMatch($one, '^\s*\z|[\p{C}\p{Zl}\p{Zp}]')) { continue }
        $text = ConvertTo-QuotedText -Text ([System.Management.Automation.WildcardPattern]::Escape($one))
        if ($text[0] -eq "'") { $text } else { $quote + $text + $quote }
    }
}
