# One cell of the table of privileged activity: Time, Tactic or Text, the sentence that says who did
# what under which power.
function ConvertTo-ActivityText {
    [CmdletBinding()]
    [OutputType([string])]
    param($InputObject, [string] $Part)

    $read = {
        param($Name)
        $value = Get-PropertyValue $InputObject $Name
        if ($null -ne $value) { [regex]::Replace([string]$value, '[\p{Cc}\p{Cf}\u2028\u2029]', '?') }
    }
    switch ($Part) {
        'Time' {
            $time = ConvertTo-UtcTime (Get-PropertyValue $InputObject 'FirstTime')
            if ($null -eq $time) { return '' }
            return $time.ToString('yyyy-MM-dd HH:mm', [System.Globalization.CultureInfo]::InvariantCulture)
        }
        'Tactic' { return '' + (& $read 'Tactic') }
    }
    $who = & $read 'HolderName'
    if (-not $who) { $who = & $read 'Holder' }
    $what = & $read 'Title'
    if (-not $what) { $what = & $read 'Operation' }
    if (-not $what) { $what = 'nothing that these logs show' }
    $text = "${who}: $what"
    $times = [long](Get-PropertyValue $InputObject 'Count')
    if ($times -gt 1) { $text += " $times times" }
    $many = [long](Get-PropertyValue $InputObject 'ResourceCount')
    if ($many -gt 0) { $text += ', on ' + (ConvertTo-ReportCount $many 'resource') }
    $failed = [long](Get-PropertyValue $InputObject 'Failed')
    if ($failed -gt 0) { $text += ", $failed failed" }
    $role = & $read 'Role'
    $where = ConvertTo-ShortScope -Scope (& $read 'Scope') -Kind (& $read 'ScopeKind')
    if ($role) { $text += "; as $role at $where" }
    return Split-Sentence -Text $text
}
