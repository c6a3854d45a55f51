function Import-AzDirectoryActivityLog {
    <#
    .SYNOPSIS
    Reads events as objects from an export or from any saved activity log.

    .DESCRIPTION
    Reads exports, NDJSON, JSON arrays, saved REST answers and diagnostic settings' records, plain or gzip, and
    streams their events as objects with the property names of Get-AzActivityLog. Raw is the event's own text;
    SourcePath and SourceLine say where it stands.

    .PARAMETER Path
    Exports, folders, or files.

    .PARAMETER StartTime
    Only events from this time on; local time unless its kind is Utc.

    .PARAMETER EndTime
    Only events before this time; local time unless its kind is Utc.

    .PARAMETER Operation
    Only this operation, in any letter case; * stands for any text.

    .PARAMETER Caller
    Only events of this caller, in any letter case.

    .PARAMETER DetailedOutput
    Shows the events as a list with all fields. The objects are the same.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Import-AzDirectoryActivityLog -Path ./case42 | Where-Object Caller -eq 'admin@contoso.example'

    .EXAMPLE
    Import-AzDirectoryActivityLog ./colleague.json | Find-AzPrivilegedOperation

    .OUTPUTS
    AzDirectoryActivityLog.Event

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Alias('StartDate')]
        [datetime] $StartTime,

        [Alias('EndDate')]
        [datetime] $EndTime,

        [ValidateNotNullOrEmpty()]
        [string] $Operation,

        [ValidateNotNullOrEmpty()]
        [string] $Caller,

        [switch] $DetailedOutput,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $paths = [System.Collections.Generic.List[string]]::new()
    }

    process {
        foreach ($one in $Path) {
            $paths.Add((Resolve-FilePath -Path $one -Cmdlet $PSCmdlet))
        }
    }

    end {
        if ($paths.Count -eq 0) {
            # Nothing came through the pipeline.
            return
        }
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('cat', '--format', 'csv'))
        Add-CommonArgument -List $words -Bound $PSBoundParameters
        $words.Add('--')
        $words.AddRange($paths)
        $child = @{}
        try {
            Start-HelperProcess -Child $child -Path $helper -Argument $words.ToArray() -Cmdlet $PSCmdlet
            $child.In.Dispose()
            $table = $null
            while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $PSCmdlet)) {
                if ($null -eq $table) {
                    $table = New-EventTable -Header $lines[0] -Helper $helper -Detailed:$DetailedOutput -Cmdlet $PSCmdlet
                    $lines.RemoveAt(0)
                }
                ConvertFrom-EventRow -Table $table -Line $lines
            }
            Complete-Reading -Child $child -Cmdlet $PSCmdlet -Target $paths.ToArray()
        } finally {
            # At once: nobody reads its output any more, so it may be blocked on a full pipe.
            Stop-HelperProcess -Child $child -Cmdlet $PSCmdlet -Kill
        }
    }
}
