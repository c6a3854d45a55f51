# Lines of `azdal cat --format columns` as events. Only the columns that are properties are read; Claims,
# HttpRequest and Properties are read from Raw when they are first asked for. State keeps what one
# call leaves for the next. Ends with HelperVersion where the helper prints something else.
function ConvertFrom-EventRow {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Event')]
    param([System.Collections.Generic.List[string]] $Line, [hashtable] $State, [switch] $Detailed, [string] $Helper, $Cmdlet)

    try {
        # All at once: a call costs more than a line.
        $all = ConvertFrom-JsonText -Text ('[' + [string]::Join(',', $Line) + ']')
        foreach ($json in $all) {
            # One string for all events of a file.
            $path = [string]$json.sourcePath
            if ($path -ceq $State['Path']) { $path = $State['Path'] } else { $State['Path'] = $path }
            $result = [pscustomobject]@{
                Authorization        = [pscustomobject]@{
                    Action = $json.'authorization.Action'
                    Role   = $json.'authorization.Role'
                    Scope  = $json.'authorization.Scope'
                }
                Caller               = $json.caller
                CorrelationId        = $json.correlationId
                Description          = $json.description
                EventDataId          = $json.eventDataId
                EventName            = $json.eventName
                Category             = $json.category
                EventTimestamp       = ConvertTo-UtcTime $json.eventTimestamp
                Id                   = $json.id
                Level                = $json.level
                OperationId          = $json.operationId
                OperationName        = $json.operationName
                ResourceGroupName    = $json.resourceGroupName
                ResourceProviderName = $json.resourceProviderName
                ResourceId           = $json.resourceId
                Status               = $json.status
                SubmissionTimestamp  = ConvertTo-UtcTime $json.submissionTimestamp
                SubscriptionId       = $json.subscriptionId
                SubStatus            = $json.subStatus
                ResourceType         = $json.resourceType
                TenantId             = $json.tenantId
                Channels             = $json.channels
                LogScope             = $json.logScope
                SourcePath           = $path
                SourceLine           = [long]$json.sourceLine
                Raw                  = $json.raw
            }
            $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Event')
            if ($Detailed) {
                $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Event.Detailed')
            }
            $result
        }
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch [System.Management.Automation.RuntimeException], [System.ArgumentException], [System.InvalidOperationException] {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperVersion -Target $Helper -InnerException $_.Exception -Message (
                    "${Helper}: this version of azdal does not print events in the form that the module reads") -Hint (
                    'use the azdal that came with the module, or name one with -AzdalPath')))
    }
}
