# What an operation of a finding does with a role: Elevation, Assignment, Removal, Activation or Eligibility;
# null for all others. Only what has a kind can be looked up in a list of role assignments.
function Get-OperationKind {
    param([string] $Operation)

    $kind = $null
    $null = $script:OperationKind.TryGetValue($Operation, [ref]$kind)
    return $kind
}
