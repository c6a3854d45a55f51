function Find-AzPrivilegedOperation {
    <#
    .SYNOPSIS
    Finds privileged operations in activity logs: elevation, role assignments, and what goes with them.

    .DESCRIPTION
    Applies the rules of azdal (azdal rules) to exports, saved log files, or events on the pipeline, and gives one
    finding for each operation: what happened, who did it from where, who was given which role at which scope, how
    it ended, and where the evidence is. Records of one operation are one finding; events seen in several places
    count once.

    .PARAMETER Path
    Exports, or saved log files: NDJSON, a JSON array, a saved REST answer, plain or gzip. Wildcards are expanded.

    .PARAMETER LiteralPath
    The same, without wildcards.

    .PARAMETER InputObject
    Events of Get-AzDirectoryActivityLog or Import-AzDirectoryActivityLog, events of Get-AzActivityLog, rows of
    Import-Csv, or the text of a log, such as the output of az rest or Get-Content. Files and export results on the
    pipeline are taken as paths.

    .PARAMETER StartTime
    Only operations from this time on; local time unless its kind is Utc.

    .PARAMETER EndTime
    Only operations before this time; local time unless its kind is Utc.

    .PARAMETER Operation
    Only this operation, in any letter case; * matches any text.

    .PARAMETER Caller
    Only operations of this caller, in any letter case; * matches any text. Tab offers the callers of what the files hold.

    .PARAMETER Rule
    Only findings of these rules, such as elevate-access; * matches any text. azdal rules lists them.

    .PARAMETER MinimumSeverity
    Only findings of at least this severity.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Find-AzPrivilegedOperation -Path ./case42 -MinimumSeverity High | Sort-Object SeverityRank, Time -Descending

    Lists the high and critical findings of an export, the most severe first.

    .EXAMPLE
    Get-ChildItem ./from-colleague -Filter *.json | Find-AzPrivilegedOperation | Join-AzRoleAssignment

    Finds what matters in files that somebody saved, and says what of it still exists.

    .EXAMPLE
    Get-AzActivityLog -StartTime (Get-Date).AddDays(-7) -DetailedOutput | Find-AzPrivilegedOperation -Rule role-assignment-*

    Finds role assignments in the log of the current subscription, as Az.Monitor reads it.

    .INPUTS
    System.String, System.IO.FileInfo, AzDirectoryActivityLog.Event, AzDirectoryActivityLog.ExportResult, or events of
    Get-AzActivityLog.

    .OUTPUTS
    AzDirectoryActivityLog.Finding

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(DefaultParameterSetName = 'Event', HelpUri = 'https://azdal.example/help/Find-AzPrivilegedOperation')]
    [OutputType('AzDirectoryActivityLog.Finding')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Path', ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Parameter(Mandatory = $true, ParameterSetName = 'LiteralPath')]
        [Alias('PSPath')]
        [ValidateNotNullOrEmpty()]
        [string[]] $LiteralPath,

        [Parameter(Mandatory = $true, ParameterSetName = 'Event', ValueFromPipeline = $true)]
        [AllowNull()]
        [AllowEmptyString()]
        [psobject] $InputObject,

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

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Rule' -Word $args[0] }, $Word) } })]
        [string[]] $Rule,

        [ValidateSet('Informational', 'Low', 'Medium', 'High', 'Critical')]
        [string] $MinimumSeverity,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('scan', '--format', 'ndjson'))
        $who = New-CallerPattern $Caller
        $except = @()
        if ($null -ne $who) { $except = @('Caller') }
        Add-CommonArgument -List $words -Bound $PSBoundParameters -Except $except
        foreach ($one in $Rule) {
            if (-not (Test-NamePattern -Name $script:RuleName -Pattern $one)) {
                $PSCmdlet.WriteWarning("-Rule ${one}: azdal has no rule of that name. Its rules: $($script:RuleName -join ', ').")
            }
        }
        if ($Operation -and -not (Test-NamePattern -Name $script:OperationName -Pattern $Operation)) {
            $PSCmdlet.WriteWarning("-Operation ${Operation}: no rule looks at an operation of that name, so nothing can be found.")
        }
        $wanted = New-FindingFilter -Rule $Rule -Caller $who
        $paths = [System.Collections.Generic.List[string]]::new()
        $missing = [System.Collections.Generic.List[object]]::new()
        $text = [System.Text.StringBuilder]::new()
        $feed = $null
        $strange = @{
            Count = 0; One = 'an event of an activity log nor a file'; Many = 'events nor files'
            Hint = 'pipe events of Get-AzDirectoryActivityLog, Import-AzDirectoryActivityLog or Get-AzActivityLog, or name files with -Path'
        }
    }

    process {
        if ($PSCmdlet.ParameterSetName -ne 'Event') {
            foreach ($one in Resolve-InputPath -Path $Path -Piped:($MyInvocation.ExpectingInput) -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
            foreach ($one in Resolve-InputPath -Path $LiteralPath -Literal -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
            return
        }
        # More than one where a list was given by name; a null is none.
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            if ($item -is [string] -and ($text.Length -gt 0 -or $item.Length -eq 0 -or (Test-LogText -Text $item))) {
                $null = $text.Append($item).Append("`n")
                continue
            }
            $line = Get-EventText -InputObject $item
            if ($null -eq $line) {
                $content = Get-PropertyValue $item 'Content'
                $file = Get-ObjectPath -InputObject $item
                if ($content -is [string] -and (Test-LogText -Text $content)) {
                    # The answer of Invoke-AzRestMethod or Invoke-WebRequest.
                    $null = $text.Append($content).Append("`n")
                } elseif ($null -ne $file) {
                    foreach ($one in Resolve-InputPath -Path $file -Piped -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
                } else {
                    Deny-InputObject -Strange $strange -InputObject $item -Cmdlet $PSCmdlet
                }
                continue
            }
            if ($null -eq $feed) {
                $feed = New-HelperFeed -AzdalPath $AzdalPath -Argument ($words.ToArray() + '-') -Cmdlet $PSCmdlet
            }
            Add-HelperFeed -Feed $feed -Text $line -InputObject $item
            if ($feed.Batch.Length -ge $script:BatchBytes) {
                Send-HelperFeed -Feed $feed -Cmdlet $PSCmdlet | ConvertFrom-HelperObject -Type Finding -Source $feed.Sources -Filter $wanted
            }
        }
    }

    end {
        Deny-InputObject -Strange $strange -Total -Cmdlet $PSCmdlet
        if ($null -ne $feed) {
            Complete-HelperFeed -Feed $feed -Cmdlet $PSCmdlet | ConvertFrom-HelperObject -Type Finding -Source $feed.Sources -Filter $wanted
        }
        $files = @(Complete-InputPath -Path $paths -Missing $missing -Cmdlet $PSCmdlet)
        if ($text.Length -eq 0 -and $files.Length -eq 0) {
            return
        }
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        if ($text.Length -gt 0) {
            Invoke-HelperReading -Helper $helper -Argument ($words.ToArray() + '-') -Text $text.ToString() -Target 'the text on the pipeline' -Cmdlet $PSCmdlet |
                ConvertFrom-HelperObject -Type Finding -Filter $wanted
        }
        if ($files.Length -gt 0) {
            Invoke-HelperReading -Helper $helper -Argument ($words.ToArray() + '--' + $files) -Target $files -Cmdlet $PSCmdlet |
                ConvertFrom-HelperObject -Type Finding -Filter $wanted
        }
    }
}
