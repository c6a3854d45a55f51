function Get-AzDirectoryActivityLog {
    <#
    .SYNOPSIS
    Gets events of the tenant's activity log (Directory Activity Log) as objects.

    .DESCRIPTION
    Get-AzActivityLog reads only the logs of subscriptions. This function reads the log of the tenant, and with -Scope
    that of a management group or subscription, and streams its events as objects with the property names of
    Get-AzActivityLog. Without -MaxRecord every event of the range is returned, oldest first: there is no silent limit.
    With -MaxRecord the newest events that pass the filters are returned, newest first.

    Nothing is kept on disk. For evidence use Export-AzDirectoryActivityLog.

    .PARAMETER StartTime
    Start of the range; local time unless its kind is Utc. Default: 89 days ago. The service keeps 90 days.

    .PARAMETER EndTime
    End of the range; local time unless its kind is Utc. Default: now.

    .PARAMETER Scope
    Whose log: tenant (default), mg:ID or sub:ID. Several are read one after the other.

    .PARAMETER Caller
    Only events of this caller, in any letter case: a user principal name or an object id; * matches any text. Tab offers
    the callers of what was found in this session.

    .PARAMETER Status
    Only events with this status, in any letter case, such as Succeeded, Failed, Started.

    .PARAMETER CorrelationId
    Only events of this operation.

    .PARAMETER MaxRecord
    At most this many events, the newest that pass the filters, newest first.

    .PARAMETER DetailedOutput
    Shows the events as a list with all fields. The objects are the same.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .PARAMETER Endpoint
    Another Azure Resource Manager endpoint. Default: that of the Azure context, else the public cloud's.

    .PARAMETER AccessToken
    A bearer token for Azure Resource Manager: a SecureString, a string, or the object that Get-AzAccessToken or
    az account get-access-token gives. Default: one from
    Get-AzAccessToken, renewed when needed.

    .PARAMETER TokenCommand
    A command whose output is a bearer token, such as: az account get-access-token --query accessToken -o tsv

    .PARAMETER DefaultProfile
    The Azure context to use in place of the current one.

    .EXAMPLE
    Get-AzDirectoryActivityLog -StartTime (Get-Date).AddDays(-7) | Find-AzPrivilegedOperation

    Privileged operations of the last week.

    .EXAMPLE
    Get-AzDirectoryActivityLog -Caller admin@contoso.example -MaxRecord 20

    The caller's 20 newest events.

    .INPUTS
    None. Nothing is read from the pipeline.

    .OUTPUTS
    AzDirectoryActivityLog.Event

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(PositionalBinding = $false, HelpUri = 'https://azdal.example/help/Get-AzDirectoryActivityLog')]
    [OutputType('AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Position = 0)]
        [Alias('StartDate')]
        [datetime] $StartTime,

        [Parameter(Position = 1)]
        [Alias('EndDate')]
        [datetime] $EndTime,

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'LogScope' -Word $args[0] }, $Word) } })]
        [string[]] $Scope = @('tenant'),

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word, $Ast, $Bound) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Caller' -Word $args[0] -Bound $args[1] }, $Word, $Bound) } })]
        [string] $Caller,

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Status' -Word $args[0] }, $Word) } })]
        [string] $Status,

        [ValidateNotNullOrEmpty()]
        [string] $CorrelationId,

        [Alias('MaxRecords', 'MaxEvents')]
        [ValidateRange(1, 1000000000)]
        [int] $MaxRecord,

        [switch] $DetailedOutput,

        [string] $AzdalPath,

        [string] $Endpoint,

        [object] $AccessToken,

        [string] $TokenCommand,

        [Alias('AzContext', 'AzureRmContext', 'AzureCredential')]
        [object] $DefaultProfile
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
    }

    end {
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $left = 0
        $who = $null
        if ($Caller) {
            $who = [System.Management.Automation.WildcardPattern]::new($Caller, $script:AnyCaseWildcard)
        }
        $words = [System.Collections.Generic.List[string]]::new()
        Add-CommonArgument -List $words -Bound $PSBoundParameters -Except Caller
        if ($PSBoundParameters.ContainsKey('MaxRecord')) {
            $left = $MaxRecord
            $newest = $MaxRecord
            if ($Caller -or $Status -or $CorrelationId) {
                # Filters apply first, so that how many events are needed shows only while they come.
                $newest = 1000000000
            }
            $words.Add('--newest')
            $words.Add([string]$newest)
        }
        $scopes = @(foreach ($one in $Scope) { ConvertTo-ScopeArgument $one -Single -Cmdlet $PSCmdlet })
        foreach ($one in $scopes) {
            if ($PSBoundParameters.ContainsKey('MaxRecord') -and $left -eq 0) {
                break
            }
            $token = New-TokenSource -Cmdlet $PSCmdlet -AccessToken $AccessToken -TokenCommand $TokenCommand -Endpoint $Endpoint -DefaultProfile $DefaultProfile
            $arguments = @('acquire', '--stdout', '--progress', 'json', '--scope', $one) + $words.ToArray() + $token.Arguments
            $enough = $false
            $child = @{}
            try {
                Start-HelperProcess -Child $child -Path $helper -Argument $arguments -Cmdlet $PSCmdlet -Token $token -Json -Activity "Reading the activity log of $one"
                while (-not $enough -and $null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $PSCmdlet)) {
                    foreach ($line in $lines) {
                        $found = ConvertFrom-EventLine -Line $line -LogScope $one -Cmdlet $PSCmdlet
                        if (($null -ne $who -and -not $who.IsMatch([string]$found.Caller)) -or ($Status -and $found.Status -ne $Status) -or
                            ($CorrelationId -and $found.CorrelationId -ne $CorrelationId)) {
                            continue
                        }
                        if ($DetailedOutput) {
                            $found.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Event.Detailed')
                        }
                        $found
                        if ($PSBoundParameters.ContainsKey('MaxRecord')) {
                            $left--
                            if ($left -eq 0) {
                                $enough = $true
                                break
                            }
                        }
                    }
                }
                if (-not $enough) {
                    $exit = Wait-HelperExit -Child $child
                    if ($exit -eq 9) {
                        # What there is came out; what is beyond retention did not.
                        $PSCmdlet.WriteError((New-ExitError -Child $child -ExitCode $exit -Target $one))
                    } elseif ($exit -ne 0) {
                        $PSCmdlet.ThrowTerminatingError((New-ExitError -Child $child -ExitCode $exit -Target $one))
                    }
                }
            } finally {
                # At once: nobody reads its output any more, so it may be blocked on a full pipe.
                Stop-HelperProcess -Child $child -Cmdlet $PSCmdlet -Kill
            }
        }
    }
}
