# What of a finding is looked up, as lists of role assignments spell it. What the event said, and whom and what
# it was about, azdal has read: nothing is judged here.
#   Kind     of its operation (Get-OperationKind), or null: nothing to look up
#   Finding  the finding itself
#   Scope, Name, Principal, Role, Outcome, Ended  what is compared
function ConvertTo-AssignmentSubject {
    param($Finding)

    $kind = Get-OperationKind $Finding
    $subject = @{ Kind = $kind; Finding = $Finding; Scope = $null; Name = $null; Principal = $null; Role = $null; Outcome = $null; Ended = $null }
    if ($null -ne $kind) {
        $subject.Scope = [string]$Finding.Scope
        $subject.Name = [string]$Finding.RoleAssignmentName
        $subject.Principal = Get-IdKey $Finding.PrincipalId
        $subject.Role = Get-IdKey $Finding.RoleDefinitionId
        $subject.Outcome = [string]$Finding.Outcome
        $subject.Ended = $Finding.EndedTime
    }
    return $subject
}
