# Runs the helper to its end and gives the lines that it prints, a list of them at a time (Read-HelperLine).
# Text: what it reads on its standard input, gathered from the pipeline; else that is empty.
function Invoke-HelperReading {
    param([string] $Helper, [string[]] $Argument, [AllowEmptyString()] [string] $Text, $Target, $Cmdlet)

    $child = @{}
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument $Argument -Cmdlet $Cmdlet
        $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
        try {
            $write = $child.In.WriteAsync($bytes, 0, $bytes.Length)
            while (-not $write.IsCompleted) {
                $lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet -NoWait
                if ($null -ne $lines) { , $lines } else { $null = $write.Wait($script:PollMs) }
            }
            $child.In.Dispose()
        } catch [System.IO.IOException], [System.AggregateException] {
            # It ended before its input did; its status tells why.
            $Cmdlet.WriteVerbose("azdal ended before its input did: $($_.Exception.Message)")
        }
        while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            , $lines
        }
        Complete-Reading -Child $child -Cmdlet $Cmdlet -Target $Target
    } finally {
        # At once: nobody reads its output any more, so it may be blocked on a full pipe.
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
    }
}
