# Runs the helper on text that was gathered from the pipeline, and gives the lines that it prints.
function Invoke-HelperReading {
    param([string] $Helper, [string[]] $Argument, [string] $Text, $Target, $Cmdlet)

    $child = @{}
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument $Argument -Cmdlet $Cmdlet
        $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
        try {
            $write = $child.In.WriteAsync($bytes, 0, $bytes.Length)
            while (-not $write.IsCompleted) {
                $lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet -NoWait
                if ($null -ne $lines) { $lines.ToArray() } else { $null = $write.Wait($script:PollMs) }
            }
            $child.In.Dispose()
        } catch [System.IO.IOException], [System.AggregateException] {
            # It ended before its input did; its status tells why.
            $Cmdlet.WriteVerbose("azdal ended before its input did: $($_.Exception.Message)")
        }
        while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            $lines.ToArray()
        }
        Complete-Reading -Child $child -Cmdlet $Cmdlet -Target $Target
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
    }
}
