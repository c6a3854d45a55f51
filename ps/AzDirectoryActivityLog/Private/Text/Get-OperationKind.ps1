# What the operation of a finding does with a role: Elevation, Assignment, Removal, Activation or Eligibility; Ending or
# Withdrawal where a request to Privileged Identity Management gives nothing; null for all others. Only what gives or
# takes a role can be looked up in a list of role assignments.
function Get-OperationKind {
    param($Finding)

    $kind = $null
    $null = $script:OperationKind.TryGetValue([string](Get-PropertyValue $Finding 'Operation'), [ref]$kind)
    if ($kind -eq 'Activation' -or $kind -eq 'Eligibility') {
        foreach ($note in Get-PropertyValue $Finding 'Notes') {
            if ($script:RequestKind.ContainsKey([string]$note)) { return $script:RequestKind[[string]$note] }
        }
    }
    return $kind
}
