# The child's next lines of output, all that are there up to a limit, as one list; null once both of
# its pipes have ended. While it waits it handles what comes on standard error, and lets the pipeline
# be stopped. Several lines at a time, because a call costs more than a line.
#
# NoWait: null also when there is no line yet.
function Read-HelperLine {
    param($Child, $Cmdlet, [switch] $NoWait)

    $limit = 128
    while ($true) {
        if ($null -ne $Child.ErrTask -and $Child.ErrTask.IsCompleted) {
            $text = $Child.ErrTask.GetAwaiter().GetResult()
            $Child.ErrTask = $null
            if ($null -ne $text) {
                $Child.ErrTask = $Child.Err.ReadLineAsync()
                Read-HelperMessage -Child $Child -Cmdlet $Cmdlet -Text $text
            }
            continue
        }
        $task = $Child.OutTask
        if ($null -ne $task -and $task.IsCompleted) {
            $out = $Child.Out
            $lines = [System.Collections.Generic.List[string]]::new()
            do {
                $line = $task.GetAwaiter().GetResult()
                if ($null -eq $line) {
                    $task = $null
                    break
                }
                $lines.Add($line)
                $task = $out.ReadLineAsync()
            } while ($lines.Count -lt $limit -and $task.IsCompleted)
            $Child.OutTask = $task
            if ($lines.Count -gt 0) {
                return , $lines
            }
            continue
        }
        if ($NoWait) {
            return $null
        }
        if ($null -eq $task) {
            if ($null -eq $Child.ErrTask) {
                return $null
            }
            $wait = [System.Threading.Tasks.Task[]]@($Child.ErrTask)
        } elseif ($null -eq $Child.ErrTask) {
            $wait = [System.Threading.Tasks.Task[]]@($task)
        } else {
            $wait = [System.Threading.Tasks.Task[]]@($task, $Child.ErrTask)
        }
        $null = [System.Threading.Tasks.Task]::WaitAny($wait, $script:PollMs)
    }
}
