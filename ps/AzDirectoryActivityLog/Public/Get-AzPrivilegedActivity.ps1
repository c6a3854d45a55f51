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
    Only grants and operations from this time on; local time unless its kind is Utc.

    .PARAMETER EndTime
    Only grants and operations before this time; local time unless its kind is Utc.

    .PARAMETER Caller
    Only this holder, in any letter case.

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
        $strange = 0
        foreach ($one in Resolve-InputPath -Path $Path -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
    }

    process {
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            if ($item -isnot [string] -and $null -ne $item.PSObject.Properties['Rule'] -and $null -ne $item.PSObject.Properties['StoryId']) {
                if ($null -eq $stories) { $stories = @{} }
                if (-not [string]::IsNullOrEmpty([string]$item.StoryId)) { $stories[[string]$item.StoryId] = $true }
                continue
            }
            $file = Get-ObjectPath -InputObject $item
            if ($null -ne $file) {
                foreach ($one in Resolve-InputPath -Path $file -Piped -Missing $missing -Cmdlet $PSCmdlet) { $paths.Add($one) }
            } else {
                $strange++
                if ($strange -eq 1) {
                    # Once: ten thousand of them say no more.
                    $PSCmdlet.WriteError((New-HelperError -Id InvalidInput -Target $item -Message (
                                "an object of type $($item.PSObject.TypeNames[0]) on the pipeline is neither a finding nor a file") -Hint 'findings come from Find-AzPrivilegedOperation'))
                }
            }
        }
    }

    end {
        if ($strange -gt 1) {
            $PSCmdlet.WriteWarning("$strange objects on the pipeline were neither findings nor files.")
        }
        $files = @(Complete-InputPath -Path $paths -Missing $missing -Cmdlet $PSCmdlet)
        if ($files.Length -eq 0) {
            if ($null -ne $stories) {
                $PSCmdlet.ThrowTerminatingError((New-HelperError -Id Usage -Target 'Path' -Message (
                            'findings say who held which power, but not which logs have what was done with it: name the exports or log files with -Path')))
            }
            return
        }
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('trace', '--format', 'ndjson'))
        Add-CommonArgument -List $words -Bound $PSBoundParameters
        if ($All) { $words.Add('--all') }
        if ($Detailed) { $words.Add('--events') }
        $words.Add('--')
        $words.AddRange([string[]]$files)
        $child = @{}
        try {
            Start-HelperProcess -Child $child -Path $helper -Argument $words.ToArray() -Cmdlet $PSCmdlet
            $child.In.Dispose()
            while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $PSCmdlet)) {
                foreach ($line in $lines) {
                    if ($Detailed) {
                        ConvertFrom-EventLine -Line $line -LogScope $null -Cmdlet $PSCmdlet
                        continue
                    }
                    $row = ConvertFrom-TraceLine -Line $line
                    if ($null -eq $stories -or $stories.ContainsKey([string]$row.StoryId)) { $row }
                }
            }
            Complete-Reading -Child $child -Cmdlet $PSCmdlet -Target $files
        } finally {
            Stop-HelperProcess -Child $child -Cmdlet $PSCmdlet -Kill
        }
    }
}
