# Writes the first Count bytes to the child, and gives the lines that it printed meanwhile, each list at
# once. A read is outstanding all the time: a child that waits for its output to be read would never
# read its input. Last ends the child's input. A child that ended early gets nothing; its status tells
# why.
function Send-HelperInput {
    param($Child, $Cmdlet, [byte[]] $Byte, [int] $Count, [switch] $Last)

    if ($Child.Process.HasExited) {
        return
    }
    try {
        $write = $Child.In.WriteAsync($Byte, 0, $Count)
    } catch [System.IO.IOException] {
        $Cmdlet.WriteVerbose("azdal ended before its input did: $($_.Exception.Message)")
        return
    }
    while ($true) {
        $lines = Read-HelperLine -Child $Child -Cmdlet $Cmdlet -NoWait
        if ($null -ne $lines) {
            , $lines
        }
        if ($write.IsCompleted) {
            break
        }
        if ($null -eq $lines) {
            $wait = [System.Collections.Generic.List[System.Threading.Tasks.Task]]::new()
            foreach ($task in $write, $Child.OutTask, $Child.ErrTask) {
                if ($null -ne $task) {
                    $wait.Add($task)
                }
            }
            $null = [System.Threading.Tasks.Task]::WaitAny($wait.ToArray(), $script:PollMs)
        }
    }
    try {
        $null = $write.GetAwaiter().GetResult()
        $Child.In.Flush()
        if ($Last) {
            $Child.In.Dispose()
        }
    } catch [System.IO.IOException] {
        $Cmdlet.WriteVerbose("azdal ended before its input did: $($_.Exception.Message)")
    }
}
