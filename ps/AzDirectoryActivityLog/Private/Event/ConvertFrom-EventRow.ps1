# Lines of `azdal cat --format columns` as events, a list of lines at a time. Only the columns that are
# properties are read; Claims, HttpRequest and Properties are read from Raw when they are first asked for.
# Ends with HelperVersion where the helper prints something else.
#   Caller    a wildcard pattern that lets events through
#   Detailed  for the view of -DetailedOutput
function ConvertFrom-EventRow {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [System.Collections.Generic.List[string]] $Line,
        [AllowNull()] $Caller,
        [switch] $Detailed,
        [string] $Helper,
        $Cmdlet
    )

    begin {
        $path = ''
    }

    process {
        try {
            $events = @(foreach ($json in ConvertFrom-JsonText -Text ('[' + [string]::Join(',', $Line) + ']')) {
                    if ($null -ne $Caller -and -not $Caller.IsMatch([string]$json.caller)) {
                        continue
                    }
                    # One string for all events of a file.
                    if ([string]$json.sourcePath -cne $path) { $path = [string]$json.sourcePath }
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
                })
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch [System.Management.Automation.RuntimeException], [System.ArgumentException], [System.InvalidOperationException] {
            $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperVersion -Target $Helper -InnerException $_.Exception -Message (
                        "${Helper}: this version of azdal does not print events in the form that the module reads") -Hint (
                        'use the azdal that came with the module, or name one with -AzdalPath')))
        }
        # Outside: what fails behind this in the pipeline is not the helper's fault.
        $events
    }
}
