# One command line from a list of arguments, by the rules of CommandLineToArgvW: Windows PowerShell
# has no ArgumentList, and .NET on other systems splits Arguments by the same rules.
function ConvertTo-ArgumentText {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true)]
        [AllowEmptyCollection()]
        [AllowEmptyString()]
        [string[]] $Argument
    )

    $text = [System.Text.StringBuilder]::new()
    foreach ($word in $Argument) {
        if ($word.IndexOf([char]0) -ge 0) {
            throw [System.ArgumentException]::new('an argument holds a null character')
        }
        if ($text.Length -gt 0) {
            $null = $text.Append(' ')
        }
        if ($word.Length -gt 0 -and $word.IndexOfAny(" `t`n`v`"".ToCharArray()) -lt 0) {
            $null = $text.Append($word)
            continue
        }
        # Inside quotes a backslash is an ordinary character, unless a quote follows the run of them:
        # then each counts double, and one more makes the quote a character.
        $null = $text.Append('"')
        $run = 0
        foreach ($c in $word.ToCharArray()) {
            if ($c -eq '\') {
                $run++
                continue
            }
            if ($c -eq '"') {
                $null = $text.Append('\', 2 * $run + 1)
            } elseif ($run -gt 0) {
                $null = $text.Append('\', $run)
            }
            $null = $text.Append($c)
            $run = 0
        }
        $null = $text.Append('\', 2 * $run).Append('"')
    }
    $text.ToString()
}
