function Get-AzPrivilegedActivity {
    <#
    .SYNOPSIS
    Gets what the holders of granted power did with it.

    .DESCRIPTION
    Starts from the findings of Find-AzPrivilegedOperation: who elevated, who was given a role of medium severity or
    above, who activated one. From the grant to its end, at its scope and below, every operation of each holder is
    gathered: one object per holder and operation, with how often it was done, with what result, on which resources,
    from which addresses, and the tactic that it serves (azdal trace). Those to whom a holder gave a role are holders
    too; Depth counts the steps.

    The result is only as complete as the logs that are read: use exports that were made with -Scope all. Notes say for
    each story which logs are missing.

    .PARAMETER Path
    Exports, or saved log files; wildcards are expanded. It is needed with findings on the pipeline as well: that is
    where the operations are looked for.

    .PARAMETER InputObject
    Findings of Find-AzPrivilegedOperation or Join-AzRoleAssignment: only the stories that they belong to. Results of
    Export-AzDirectoryActivityLog, files and folders are taken as paths.

    .PARAMETER StartTime
    Only operations from this time on; grants before it count. Local time unless its kind is Utc.

    .PARAMETER EndTime
    Only operations before this time; local time unless its kind is Utc. Holders without any are returned, too.

    .PARAMETER Caller
    Only this holder, by name or object id, in any letter case; * stands for any text. With -Detailed and a wildcard, the
    name that the event says. Tab offers the holders that the files tell of.

    .PARAMETER All
    Includes read-only operations.

    .PARAMETER Detailed
    Returns each event instead of the rows, as Import-AzDirectoryActivityLog does; of all stories, even where findings
    are on the pipeline.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Get-AzPrivilegedActivity -Path ./case42

    Lists what every holder of granted power did, as far as the logs of the export say.

    .EXAMPLE
    Find-AzPrivilegedOperation ./case42 -Rule elevate-access | Get-AzPrivilegedActivity -Path ./case42 | Sort-Object Tactic

    Lists what was done after each elevation, by tactic.

    .INPUTS
    AzDirectoryActivityLog.Finding, AzDirectoryActivityLog.ExportResult, System.String, System.IO.FileSystemInfo

    .OUTPUTS
    AzDirectoryActivityLog.PrivilegedActivity, or AzDirectoryActivityLog.Event with -Detailed.

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(HelpUri = 'https://azdal.example/help/Get-AzPrivilegedActivity')]
    [OutputType('AzDirectoryActivityLog.PrivilegedActivity', 'AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Position = 0)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Parameter(ValueFromPipeline = $true)]
        [AllowNull()]
        [psobject] $InputObject,

        [Alias('StartDate')]
        [datetime] $StartTime,

        [Alias('EndDate')]
        [datetime] $EndTime,

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word, $Ast, $Bound) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Holder' -Word $args[0] -Bound $args[1] }, $Word, $Bound) } })]
        [string] $Caller,

        [switch] $All,

        [switch] $Detailed,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $paths = [System.Collections.Generic.List[string]]::new()
        $missing = [System.Collections.Generic.List[object]]::new()
        $stories = $null
        $strange = @{ Count = 0; One = 'a finding nor a file'; Many = 'findings nor files'; Hint = 'findings come from Find-AzPrivilegedOperation' }
        foreach ($one in Resolve-InputPath -Path $Path -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
    }

    process {
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            if (Test-Finding -InputObject $item -With StoryId) {
                if ($null -eq $stories) { $stories = @{} }
                if (-not [string]::IsNullOrEmpty([string]$item.StoryId)) { $stories[[string]$item.StoryId] = $true }
                continue
            }
            $file = Get-ObjectPath -InputObject $item
            if ($null -ne $file) {
                foreach ($one in Resolve-InputPath -Path $file -Piped -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
            } else {
                Deny-InputObject -Strange $strange -InputObject $item -Cmdlet $PSCmdlet
            }
        }
    }

    end {
        Deny-InputObject -Strange $strange -Total -Cmdlet $PSCmdlet
        $files = @(Complete-InputPath -Path $paths -Missing $missing -Cmdlet $PSCmdlet)
        if ($files.Length -eq 0) {
            if ($null -ne $stories) {
                $PSCmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Target 'Path' -Message (
                            'findings say who held which power, but not which logs have what was done with it: name the exports or log files with -Path')))
            } elseif (-not $MyInvocation.ExpectingInput -and -not $PSBoundParameters.ContainsKey('InputObject')) {
                $PSCmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Target 'Path' -Message 'nothing to read: name the exports or log files with -Path'))
            }
            return
        }
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('trace', '--format', 'ndjson'))
        $who = New-CallerPattern $Caller
        $except = @()
        if ($null -ne $who) { $except = @('Caller') }
        Add-CommonArgument -List $words -Bound $PSBoundParameters -Except $except
        if ($All) { $words.Add('--all') }
        if ($Detailed) { $words.Add('--events') }
        $words.Add('--')
        $words.AddRange([string[]]$files)
        $read = @{ Helper = $helper; Argument = $words.ToArray(); Target = $files; Cmdlet = $PSCmdlet }
        if ($Detailed) {
            Invoke-HelperReading @read | ConvertFrom-TracedEvent -Caller $who -Helper $helper -Cmdlet $PSCmdlet
        } else {
            Invoke-HelperReading @read | ConvertFrom-HelperObject -Type PrivilegedActivity |
                Where-Object {
                    ($null -eq $stories -or $stories.ContainsKey([string]$_.StoryId)) -and
                    ($null -eq $who -or $who.IsMatch([string]$_.HolderName) -or $who.IsMatch([string]$_.Holder))
                }
        }
    }
}
