# The paths to read. Bad ones among good ones are errors that do not end the pipeline, as with
# Get-Content; where all are bad, azdal says so itself, unless more may come through the pipeline.
function Complete-InputPath {
    param($Path, $Missing, [switch] $Piped, $Cmdlet)

    if ($Path.Count -eq 0 -and -not $Piped) {
        foreach ($one in $Missing) { $one.Path }
        return
    }
    foreach ($one in $Missing) {
        $Cmdlet.WriteError((New-HelperError -Id LocalIO -Category ObjectNotFound -Target $one.Path -Message "$($one.Path): $($one.Why)"))
    }
    $Path.ToArray()
}
