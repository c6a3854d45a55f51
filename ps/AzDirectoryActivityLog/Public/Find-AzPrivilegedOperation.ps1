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
    Exports, or saved log files: NDJSON, a JSON array, a saved REST answer, plain or gzip.

    .PARAMETER InputObject
    Events of Get-AzDirectoryActivityLog or Import-AzDirectoryActivityLog, or any object with the event's own JSON
    text in its property Raw. Files and export results on the pipeline are taken as paths.

    .PARAMETER StartTime
    Only operations from this time on; local time unless its kind is Utc.

    .PARAMETER EndTime
    Only operations before this time; local time unless its kind is Utc.

    .PARAMETER Operation
    Only this operation, in any letter case; * stands for any text.

    .PARAMETER Caller
    Only operations of this caller, in any letter case.

    .PARAMETER MinimumSeverity
    Only findings of at least this severity.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Find-AzPrivilegedOperation -Path ./case42 -MinimumSeverity High

    .EXAMPLE
    Get-ChildItem ./from-colleague -Filter *.json | Find-AzPrivilegedOperation | Join-AzRoleAssignment

    .OUTPUTS
    AzDirectoryActivityLog.Finding

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(DefaultParameterSetName = 'Event')]
    [OutputType('AzDirectoryActivityLog.Finding')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Path', ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Parameter(Mandatory = $true, ParameterSetName = 'Event', ValueFromPipeline = $true)]
        [AllowNull()]
        [psobject] $InputObject,

        [Alias('StartDate')]
        [datetime] $StartTime,

        [Alias('EndDate')]
        [datetime] $EndTime,

        [ValidateNotNullOrEmpty()]
        [string] $Operation,

        [ValidateNotNullOrEmpty()]
        [string] $Caller,

        [ValidateSet('Informational', 'Low', 'Medium', 'High', 'Critical')]
        [string] $MinimumSeverity,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('scan', '--format', 'ndjson'))
        Add-CommonArgument -List $words -Bound $PSBoundParameters
        $paths = [System.Collections.Generic.List[string]]::new()
        $batch = [byte[]]::new(0)
        $filled = 0
        $utf8 = [System.Text.Encoding]::UTF8
        $child = $null
        $sources = $null
    }

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Path') {
            foreach ($one in $Path) {
                $paths.Add((Resolve-FilePath -Path $one -Cmdlet $PSCmdlet))
            }
            return
        }
        # More than one where a list was given by name; a null is none.
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            $member = $item.PSObject.Properties['Raw']
            if ($null -eq $member -or [string]::IsNullOrEmpty([string]$member.Value)) {
                $file = Get-ObjectPath -InputObject $item
                if ($null -ne $file) {
                    $paths.Add((Resolve-FilePath -Path $file -Cmdlet $PSCmdlet))
                } else {
                    $PSCmdlet.WriteError((New-HelperError -Id InvalidInput -Target $item -Message (
                                'the object on the pipeline is neither an event with its text in Raw nor a file') -Hint (
                                'pipe events of Get-AzDirectoryActivityLog or Import-AzDirectoryActivityLog, or give -Path')))
                }
                continue
            }
            $fine = $false
            try {
                if ($null -eq $child) {
                    $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
                    $sources = New-SourceMap
                    $child = @{}
                    Start-HelperProcess -Child $child -Path $helper -Argument ($words.ToArray() + '-') -Cmdlet $PSCmdlet
                }
                $text = [string]$member.Value
                $last = $sources.Last
                $line = $item.PSObject.Properties['SourceLine']
                $file = $item.PSObject.Properties['SourcePath']
                if ($null -ne $last -and $null -ne $line -and $null -ne $file -and $null -ne $last.Next -and
                    $line.Value -eq $last.Next -and [object]::ReferenceEquals($file.Value, $last.Path)) {
                    # The next line of the same file, as a rule: no entry of its own.
                    $last.Next++
                    $sources.Count++
                } else {
                    Add-SourceLine -Map $sources -InputObject $item
                }
                if ($text.IndexOf("`n", [System.StringComparison]::Ordinal) -ge 0) {
                    $text = $text.Replace("`r", ' ').Replace("`n", ' ')
                }
                $most = $utf8.GetMaxByteCount($text.Length) + 1
                if ($most -gt $batch.Length - $filled) {
                    Send-HelperInput -Child $child -Cmdlet $PSCmdlet -Byte $batch -Count $filled -Source $sources
                    $filled = 0
                    if ($most -gt $batch.Length) {
                        $batch = [byte[]]::new([System.Math]::Max($most, $script:BatchBytes))
                    }
                }
                $filled += $utf8.GetBytes($text, 0, $text.Length, $batch, $filled)
                $batch[$filled++] = 10
                $fine = $true
            } finally {
                if (-not $fine -and $null -ne $child) {
                    Stop-HelperProcess -Child $child -Kill
                }
            }
        }
    }

    end {
        if ($null -ne $child) {
            try {
                Send-HelperInput -Child $child -Cmdlet $PSCmdlet -Byte $batch -Count $filled -Last -Source $sources
                while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $PSCmdlet)) {
                    foreach ($line in $lines) {
                        ConvertFrom-FindingLine -Line $line -Source $sources
                    }
                }
                Complete-Reading -Child $child -Cmdlet $PSCmdlet -Target 'the events on the pipeline'
            } finally {
                Stop-HelperProcess -Child $child -Cmdlet $PSCmdlet -Kill
            }
        }
        if ($paths.Count -gt 0) {
            $words.Add('--')
            $words.AddRange($paths)
            $child = @{}
            try {
                Start-HelperProcess -Child $child -Path (Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet) -Argument $words.ToArray() -Cmdlet $PSCmdlet
                $child.In.Dispose()
                while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $PSCmdlet)) {
                    foreach ($line in $lines) {
                        ConvertFrom-FindingLine -Line $line
                    }
                }
                Complete-Reading -Child $child -Cmdlet $PSCmdlet -Target $paths.ToArray()
            } finally {
                Stop-HelperProcess -Child $child -Cmdlet $PSCmdlet -Kill
            }
        }
    }
}
