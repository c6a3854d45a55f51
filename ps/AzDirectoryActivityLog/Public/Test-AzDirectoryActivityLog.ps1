function Test-AzDirectoryActivityLog {
    <#
    .SYNOPSIS
    Checks that an export is whole and unchanged.

    .DESCRIPTION
    Recomputes every digest and count of an export and compares them with its manifest (azdal verify). The result
    says whether they agree and, if not, what differs first. An export that was changed gives IsValid false; a
    folder that cannot be read is an error.

    .PARAMETER Path
    The folder of the export.

    .PARAMETER Quiet
    Gives only true or false.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Test-AzDirectoryActivityLog -Path ./case42

    .EXAMPLE
    if (-not (Test-AzDirectoryActivityLog ./case42 -Quiet)) { throw 'the evidence was changed' }

    .OUTPUTS
    AzDirectoryActivityLog.TestResult, or Boolean with -Quiet.

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.TestResult', [bool])]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [switch] $Quiet,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
    }

    process {
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        foreach ($one in $Path) {
            $folder = Resolve-FilePath -Path $one -Cmdlet $PSCmdlet
            $said = [System.Collections.Generic.List[string]]::new()
            $child = @{}
            try {
                Start-HelperProcess -Child $child -Path $helper -Argument 'verify', '--', $folder -Cmdlet $PSCmdlet
                while ($null -ne ($lines = Read-HelperLine -Child $child -Cmdlet $PSCmdlet)) {
                    $said.AddRange($lines)
                }
                $status = Wait-HelperExit -Child $child
                if ($status -ne 0 -and $status -ne 7 -and $status -ne 8) {
                    $PSCmdlet.ThrowTerminatingError((New-ExitError -Child $child -ExitCode $status -Target $folder))
                }
            } finally {
                Stop-HelperProcess -Child $child -Cmdlet $PSCmdlet -Kill
            }
            if ($Quiet) {
                $status -eq 0
                continue
            }
            $reason = $null
            if ($status -ne 0) {
                $reason = $script:ExitStatus[$status].Id
            }
            [pscustomobject]@{
                PSTypeName = 'AzDirectoryActivityLog.TestResult'
                Path       = $folder
                IsValid    = $status -eq 0
                Reason     = $reason
                Message    = $child.Error
                Detail     = $said.ToArray()
                ExitCode   = $status
            }
        }
    }
}
