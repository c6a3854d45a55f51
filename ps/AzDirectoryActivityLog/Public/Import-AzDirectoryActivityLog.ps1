function Import-AzDirectoryActivityLog {
    <#
    .SYNOPSIS
    Reads events as objects from an export or from any saved activity log.

    .DESCRIPTION
    Reads exports, NDJSON, JSON arrays, saved REST answers and diagnostic settings' records, plain or gzip, and
    streams their events as objects with the property names of Get-AzActivityLog. Raw is the event's own text;
    SourcePath and SourceLine say in which file and line it is.

    .PARAMETER Path
    Exports, folders, or files; wildcards are expanded. Text of a log on the pipeline, such as the output of az rest or
    Get-Content -Raw, is read as it is.

    .PARAMETER LiteralPath
    The same, without wildcards.

    .PARAMETER StartTime
    Only events from this time on; local time unless its kind is Utc.

    .PARAMETER EndTime
    Only events before this time; local time unless its kind is Utc.

    .PARAMETER Operation
    Only this operation, in any letter case; * matches any text.

    .PARAMETER Caller
    Only events of this caller, in any letter case; * matches any text. Tab offers the callers of privileged operations.

    .PARAMETER DetailedOutput
    Shows the events as a list with all fields. The objects are the same.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Import-AzDirectoryActivityLog -Path ./case42 | Where-Object Caller -eq 'admin@contoso.example'

    Reads the events of one caller in an export.

    .EXAMPLE
    Import-AzDirectoryActivityLog ./colleague.json | Find-AzPrivilegedOperation

    Finds the privileged operations in a file that somebody else saved.

    .INPUTS
    System.String, System.IO.FileInfo

    .OUTPUTS
    AzDirectoryActivityLog.Event

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(DefaultParameterSetName = 'Path', HelpUri = 'https://azdal.example/help/Import-AzDirectoryActivityLog')]
    [OutputType('AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Path', ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')]
        [AllowEmptyString()]
        [string[]] $Path,

        [Parameter(Mandatory = $true, ParameterSetName = 'LiteralPath')]
        [Alias('PSPath')]
        [ValidateNotNullOrEmpty()]
        [string[]] $LiteralPath,

        [Alias('StartDate')]
        [datetime] $StartTime,

        [Alias('EndDate')]
        [datetime] $EndTime,

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Operation' -Word $args[0] }, $Word) } })]
        [string] $Operation,

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word, $Ast, $Bound) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Caller' -Word $args[0] -Bound $args[1] }, $Word, $Bound) } })]
        [string] $Caller,

        [switch] $DetailedOutput,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $paths = [System.Collections.Generic.List[string]]::new()
        $missing = [System.Collections.Generic.List[object]]::new()
        $text = [System.Text.StringBuilder]::new()
    }

    process {
        foreach ($one in $Path) {
            if ($MyInvocation.ExpectingInput -and ($text.Length -gt 0 -or (Test-LogText -Text $one))) {
                $null = $text.Append($one).Append("`n")
            } elseif ($one.Length -gt 0) {
                foreach ($found in Resolve-InputPath -Path $one -Piped:($MyInvocation.ExpectingInput) -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($found) }
            }
        }
        foreach ($one in Resolve-InputPath -Path $LiteralPath -Literal -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
    }

    end {
        $files = @(Complete-InputPath -Path $paths -Missing $missing -Cmdlet $PSCmdlet)
        if ($files.Length -eq 0 -and $text.Length -eq 0) {
            # Nothing came through the pipeline.
            return
        }
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('cat', '--format', 'columns'))
        $who = New-CallerPattern $Caller
        $except = @()
        if ($null -ne $who) { $except = @('Caller') }
        Add-CommonArgument -List $words -Bound $PSBoundParameters -Except $except
        $with = @{ Caller = $who; Detailed = $DetailedOutput; Helper = $helper; Cmdlet = $PSCmdlet }
        if ($text.Length -gt 0) {
            Invoke-HelperReading -Helper $helper -Argument ($words.ToArray() + '-') -Text $text.ToString() -Target 'the text on the pipeline' -Cmdlet $PSCmdlet |
                ConvertFrom-EventRow @with
        }
        if ($files.Length -gt 0) {
            Invoke-HelperReading -Helper $helper -Argument ($words.ToArray() + '--' + $files) -Target $files -Cmdlet $PSCmdlet |
                ConvertFrom-EventRow @with
        }
    }
}
