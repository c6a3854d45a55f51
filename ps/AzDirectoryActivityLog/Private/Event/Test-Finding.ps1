# Whether an object is a finding, of this session or read back from where it was saved: it has a rule, and the
# other property by which the caller goes.
function Test-Finding {
    param($InputObject, [string] $With = 'Operation')

    $members = $InputObject.PSObject.Properties
    if ($null -ne $members['Raw']) {
        # An event of this module: asked first, because there are many.
        return $false
    }
    return $null -ne $members['Rule'] -and $null -ne $members[$With]
}
