# What became of one scope of an export, from its entry in the manifest.
function New-ScopeResult {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.ScopeResult')]
    param($Scope)

    $fault = Get-PropertyValue $Scope 'error'
    return [pscustomobject]@{
        PSTypeName        = 'AzDirectoryActivityLog.ScopeResult'
        Scope             = Get-PropertyValue $Scope 'scope'
        Status            = Get-PropertyValue $Scope 'status'
        ErrorCode         = Get-PropertyValue $fault 'code'
        ErrorMessage      = Get-PropertyValue $fault 'message'
        EventCount        = [long](Get-PropertyValue $Scope 'events')
        FirstEvent        = ConvertTo-UtcTime (Get-PropertyValue $Scope 'firstEvent')
        LastEvent         = ConvertTo-UtcTime (Get-PropertyValue $Scope 'lastEvent')
        SettledUntil      = ConvertTo-UtcTime (Get-PropertyValue $Scope 'settledUntil')
        DuplicatesDropped = Get-PropertyValue $Scope 'duplicatesDropped'
        ConflictingIds    = Get-PropertyValue $Scope 'conflictingIds'
        OutsideRange      = Get-PropertyValue $Scope 'outsideRange'
    }
}
