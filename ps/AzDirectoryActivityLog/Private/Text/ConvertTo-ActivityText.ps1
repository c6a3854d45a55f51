# One cell of the table of privileged activity: Time, Tactic or Text, the sentence that says who did
# what under which power.
function ConvertTo-ActivityText {
    [CmdletBinding()]
    [OutputType([string])]
    param($InputObject, [string] $Part)

    switch ($Part) {
        'Time' {
            return '' + (Get-CellText $InputObject 'FirstTime' -Time)
        }
        'Tactic' { return '' + (Get-CellText $InputObject 'Tactic') }
    }
    $who = Get-CellText $InputObject 'HolderName'
    if (-not $who) { $who = Get-CellText $InputObject 'Holder' }
    $what = Get-CellText $InputObject 'Title'
    if (-not $what) { $what = Get-CellText $InputObject 'Operation' }
    if (-not $what) { $what = 'nothing that these logs show' }
    $text = "${who}: $what"
    $times = [long](Get-PropertyValue $InputObject 'Count')
    if ($times -gt 1) { $text += " $times times" }
    $many = [long](Get-PropertyValue $InputObject 'ResourceCount')
    if ($many -gt 0) { $text += ', on ' + (ConvertTo-ReportCount $many 'resource') }
    $failed = [long](Get-PropertyValue $InputObject 'Failed')
    if ($failed -gt 0) { $text += ", $failed failed" }
    $role = Get-CellText $InputObject 'Role'
    $where = ConvertTo-ShortScope -Scope (Get-CellText $InputObject 'Scope') -Kind (Get-CellText $InputObject 'ScopeKind')
    if ($role) { $text += "; as $role at $where" }
    return Split-Sentence -Text $text
}
