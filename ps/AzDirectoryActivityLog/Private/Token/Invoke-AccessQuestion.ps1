# Runs azdal for Test-ScopeAccess: its exit status, how many events it printed, and the child for its
# error and hint.
function Invoke-AccessQuestion {
    param([string] $Helper, [string[]] $Argument, $Token, $Cmdlet)

    $count = 0
    $child = @{}
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument $Argument -Cmdlet $Cmdlet -Token $Token -Json -LogLevel None
        while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            $count += $lines.Count
        }
        $status = Wait-HelperExit -Child $child
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
    }
    return @{ Status = $status; Lines = $count; Child = $child }
}
