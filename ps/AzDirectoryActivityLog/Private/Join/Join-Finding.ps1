# Findings on the pipeline with what is the case today, and what they explain noted where that is asked for (Explained). The
# objects are changed: they are this module's own, fresh from azdal or from Restore-Finding.
function Join-Finding {
    param($Store, $Explained)

    begin {
        $nothing = @{ State = 'NotApplicable' }
    }

    process {
        $subject = ConvertTo-AssignmentSubject $_
        if ($null -ne $Explained) {
            Add-Explained -Set $Explained -Subject $subject
        }
        $state = $nothing
        if ($null -ne $subject.Kind) {
            $state = Resolve-AssignmentState -Subject $subject -Store $Store
        }
        Add-AssignmentState -Subject $subject -State $state -Store $Store
    }
}
