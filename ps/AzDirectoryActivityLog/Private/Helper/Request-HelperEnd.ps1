# Asks a child to save its state and to end (`cancel`, and the end of its input), and waits for that a while.
function Request-HelperEnd {
    param($Child)

    try {
        $Child.In.Write([byte[]](99, 97, 110, 99, 101, 108, 10), 0, 7)
        $Child.In.Flush()
        $Child.In.Dispose()
    } catch {
        # Its input is closed already: it knows.
        $null = $_
    }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not $Child.Process.WaitForExit(20) -and $clock.ElapsedMilliseconds -lt $script:CancelWaitMs) {
        # What it still says must not fill the pipes.
        foreach ($pipe in 'Err', 'Out') {
            $task = $Child[$pipe + 'Task']
            if ($null -ne $task -and $task.IsCompleted) {
                $Child[$pipe + 'Task'] = $null
                if ($task.Status -eq 'RanToCompletion' -and $null -ne $task.Result) {
                    $Child[$pipe + 'Task'] = $Child[$pipe].ReadLineAsync()
                }
            }
        }
    }
}
