# Ends children whose caller is gone. A function that reads in one block ends its own child in
# `finally`. Find on a pipeline holds one across blocks, and nothing of it runs any more when the
# pipeline is stopped or fails upstream (`clean {}` does not parse in Windows PowerShell); so the
# next call of any function looks here, in its begin block, and so does the removal of the module.
#
# Such a child names its owner weakly: it is over when the owner is gone or was stopped. Children of
# pipelines that still run are left alone.
function Clear-HelperProcess {
    param([switch] $All)

    if ($script:Children.Count -eq 0) {
        return
    }
    $collected = $false
    foreach ($child in $script:Children.ToArray()) {
        $over = [bool]$All
        if (-not $over) {
            if (-not $collected) {
                [System.GC]::Collect()
                [System.GC]::WaitForPendingFinalizers()
                $collected = $true
            }
            $owner = $child.Owner.Target
            $over = $null -eq $owner -or $owner.Stopping
            $owner = $null
        }
        if ($over) {
            Stop-HelperProcess -Child $child -Kill
        }
    }
}
