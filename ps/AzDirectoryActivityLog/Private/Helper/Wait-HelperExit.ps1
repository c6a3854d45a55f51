# The exit status of a child whose pipes have both ended.
function Wait-HelperExit {
    param($Child)

    while (-not $Child.Process.WaitForExit($script:PollMs)) {
        continue
    }
    return $Child.Process.ExitCode
}
