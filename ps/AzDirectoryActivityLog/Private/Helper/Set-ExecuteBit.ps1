# Makes a file a program on Linux, where its owner runs this; what does not work shows when it is started.
function Set-ExecuteBit {
    param([string] $Path)

    try {
        $change = [System.Diagnostics.Process]::Start('/bin/chmod', (ConvertTo-ArgumentText -Argument '+x', $Path))
        $null = $change.WaitForExit($script:CancelWaitMs)
        $change.Dispose()
    } catch {
        $null = $_
    }
}
