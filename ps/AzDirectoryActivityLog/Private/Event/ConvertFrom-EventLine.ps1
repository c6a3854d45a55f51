# Lines of `azdal acquire --stdout` as events, each as soon as it has come. They are the service's own, so their
# fields are taken by its own names and nothing is judged; what somebody saved comes from `azdal cat`
# (ConvertFrom-EventRow). Claims, HttpRequest and Properties are read from Raw when they are first asked for.
#
# ConvertFrom-Json refuses empty key names and keys that differ by case alone. Such an event still
# comes out: its members are cut apart here and read one by one, Claims and Properties are null, and
# one warning says so.
function ConvertFrom-EventLine {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Mandatory = $true)] [AllowEmptyString()] [string] $Line,
        [AllowNull()] [string] $LogScope,
        [Parameter(Mandatory = $true)] $Cmdlet
    )

    $odd = $false
    try {
        $json = ConvertFrom-JsonText -Text $Line
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $odd = $true
        $json = ConvertFrom-OddEvent -Line $Line
        $Cmdlet.WriteWarning("Event $(Get-PropertyValue $json 'eventDataId'): ConvertFrom-Json cannot read it " +
            "($($_.Exception.Message)). It comes out with Raw and its plain fields; Claims and Properties are null.")
    }
    $members = $json.PSObject.Properties
    $read = {
        param($Name)
        $member = $members[$Name]
        if ($null -ne $member) {
            $value = Get-TextValue $member.Value
            # An empty text says no more than none, and not every input tells them apart.
            if (-not [string]::IsNullOrEmpty($value)) { $value }
        }
    }
    $authorization = Get-PropertyValue $json 'authorization'
    $result = [pscustomobject]@{
        Authorization        = [pscustomobject]@{
            Action = Get-PropertyValue $authorization 'action'
            Role   = Get-PropertyValue $authorization 'role'
            Scope  = Get-PropertyValue $authorization 'scope'
        }
        Caller               = & $read 'caller'
        CorrelationId        = & $read 'correlationId'
        Description          = & $read 'description'
        EventDataId          = & $read 'eventDataId'
        EventName            = & $read 'eventName'
        Category             = & $read 'category'
        EventTimestamp       = ConvertTo-UtcTime (Get-PropertyValue $json 'eventTimestamp')
        Id                   = & $read 'id'
        Level                = & $read 'level'
        OperationId          = & $read 'operationId'
        OperationName        = & $read 'operationName'
        ResourceGroupName    = & $read 'resourceGroupName'
        ResourceProviderName = & $read 'resourceProviderName'
        ResourceId           = & $read 'resourceId'
        Status               = & $read 'status'
        SubmissionTimestamp  = ConvertTo-UtcTime (Get-PropertyValue $json 'submissionTimestamp')
        SubscriptionId       = & $read 'subscriptionId'
        SubStatus            = & $read 'subStatus'
        ResourceType         = & $read 'resourceType'
        TenantId             = & $read 'tenantId'
        Channels             = & $read 'channels'
        LogScope             = $LogScope
        SourcePath           = $null
        SourceLine           = $null
        Raw                  = $Line
    }
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Event')
    if ($odd) {
        $result.PSObject.Properties.Add([psnoteproperty]::new('Claims', $null), $true)
        $result.PSObject.Properties.Add([psnoteproperty]::new('Properties', $null), $true)
    }
    return $result
}
