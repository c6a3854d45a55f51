# Writes text to the child and returns the lines that it printed meanwhile. A read is outstanding all
# the time: a child that waits for its output to be read would never read its input. Last ends the
# child's input. A child that ended early gets nothing; its status tells why.
function Send-HelperInput {
    param($Child, $Cmdlet, [AllowEmptyString()] [string] $Text, [switch] $Last)

    $got = [System.Collections.Generic.List[string]]::new()
    if (-not $Child.Process.HasExited) {
        try {
            $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
            $write = $Child.In.WriteAsync($bytes, 0, $bytes.Length)
            while ($true) {
                while ($null -ne ($lines = Read-HelperLine -Child $Child -Cmdlet $Cmdlet -NoWait)) {
                    $got.AddRange($lines)
                }
                if ($write.IsCompleted) {
                    break
                }
                $wait = [System.Collections.Generic.List[System.Threading.Tasks.Task]]::new()
                foreach ($task in $write, $Child.OutTask, $Child.ErrTask) {
                    if ($null -ne $task) { $wait.Add($task) }
                }
                $null = [System.Threading.Tasks.Task]::WaitAny($wait.ToArray(), $script:PollMs)
            }
            $null = $write.GetAwaiter().GetResult()
            $Child.In.Flush()
            if ($Last) {
                $Child.In.Dispose()
            }
        } catch [System.IO.IOException] {
            $Cmdlet.WriteVerbose("azdal ended before its input did: $($_.Exception.Message)")
        }
    }
    return , $got
}
