# A scope and what was answered about it, a line each; a message that names the scope itself stands alone.
function ConvertTo-ScopeText {
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowNull()] [string] $Scope, [AllowNull()] [string] $Message, [int] $Indent)

    $said = [regex]::Replace($Message, '[\p{Cc}\p{Cf}\u2028\u2029]', '?')
    $lines = @($Scope, $said)
    if ($Scope.Length -gt 0 -and $said.StartsWith($Scope + ':', [System.StringComparison]::Ordinal)) { $lines = @($said) }
    return Split-Sentence -Indent $Indent -Text (@($lines | Where-Object { $_ }) -join "`n")
}
