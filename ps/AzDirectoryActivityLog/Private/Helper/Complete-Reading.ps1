# Waits for a child that read saved files. Status 7 means that the readable rest was read: that is an
# error of the input, not of the run, so it does not end the pipeline. Anything else but 0 does.
function Complete-Reading {
    param($Child, $Cmdlet, $Target)

    $exit = Wait-HelperExit -Child $Child
    if ($exit -eq 0) {
        return
    }
    $record = New-ExitError -Child $Child -ExitCode $exit -Target $Target
    if ($exit -eq 7 -or $exit -eq 9) {
        $Cmdlet.WriteError($record)
        return
    }
    $Cmdlet.ThrowTerminatingError($record)
}
