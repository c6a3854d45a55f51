# Ends a child, whatever it is doing, and forgets it. Without Kill it is asked first (`cancel` and
# the end of its input), so that it can save its state; with Kill it is ended at once, because it may
# be blocked on a full pipe that nobody reads any more.
function Stop-HelperProcess {
    param($Child, $Cmdlet, [switch] $Kill)

    if (-not $Child.ContainsKey('Process')) {
        return
    }
    $process = $Child.Process
    try {
        if (-not $Kill -and $Child.ContainsKey('In') -and -not $process.HasExited) {
            Request-HelperEnd -Child $Child
        }
        if (-not $process.HasExited) {
            $process.Kill()
            $null = $process.WaitForExit($script:CancelWaitMs)
        }
    } catch {
        # It ended between the question and the deed, or never began.
        $null = $_
    } finally {
        $null = $script:Children.Remove($Child)
        $Child.Token = $null
        # What the child may have started itself learns from its ends of the pipes that nobody is there.
        foreach ($name in 'In', 'Out', 'Err') {
            if ($Child.ContainsKey($name)) {
                try {
                    $Child[$name].Dispose()
                } catch {
                    $null = $_
                }
            }
        }
        $process.Dispose()
    }
    if ($Child.Drawn -and $null -ne $Cmdlet) {
        $record = [System.Management.Automation.ProgressRecord]::new($Child.ActivityId, $Child.Activity, 'done')
        $record.RecordType = [System.Management.Automation.ProgressRecordType]::Completed
        $Cmdlet.WriteProgress($record)
    }
}
