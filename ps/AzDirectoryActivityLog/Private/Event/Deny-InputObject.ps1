# Refuses an object on the pipeline that is not what the command reads: an error for the first, because ten
# thousand of them say no more; with Total, at the end, a warning that says how many there were.
#   Strange  Count (0 at first), One and Many (what they are neither of), Hint
function Deny-InputObject {
    param([hashtable] $Strange, $InputObject, [switch] $Total, $Cmdlet)

    if ($Total) {
        if ($Strange.Count -gt 1) {
            $Cmdlet.WriteWarning("$($Strange.Count) objects on the pipeline were neither $($Strange.Many).")
        }
        return
    }
    $Strange.Count++
    if ($Strange.Count -eq 1) {
        $Cmdlet.WriteError((New-HelperError -Id InvalidInput -Target $InputObject -Hint $Strange.Hint -Message (
                    "an object of type $($InputObject.PSObject.TypeNames[0]) on the pipeline is neither $($Strange.One)")))
    }
}
