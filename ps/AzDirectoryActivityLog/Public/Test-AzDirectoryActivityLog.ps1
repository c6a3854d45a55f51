function Test-AzDirectoryActivityLog {
    <#
    .SYNOPSIS
    Checks that an export is whole and unchanged.

    .DESCRIPTION
    Recomputes every digest and count of an export and compares them with its manifest (azdal verify). The result
    says whether they agree and, if not, what differs first. For a changed export IsValid is false; a folder that cannot
    be read is an error.

    .PARAMETER Path
    The folder of the export; wildcards are expanded.

    .PARAMETER LiteralPath
    The folder of the export, without wildcards.

    .PARAMETER Quiet
    Returns only true or false.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .EXAMPLE
    Test-AzDirectoryActivityLog -Path ./case42

    Checks an export and says what differs, if anything does.

    .EXAMPLE
    if (-not (Test-AzDirectoryActivityLog ./case42 -Quiet)) { throw 'the evidence was changed' }

    Stops a script when an export is not as it was published.

    .INPUTS
    System.String, System.IO.DirectoryInfo, or AzDirectoryActivityLog.ExportResult: the folder of an export.

    .OUTPUTS
    AzDirectoryActivityLog.TestResult, or Boolean with -Quiet.

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(DefaultParameterSetName = 'Path', HelpUri = 'https://azdal.example/help/Test-AzDirectoryActivityLog')]
    [OutputType('AzDirectoryActivityLog.TestResult', [bool])]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Path', ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path,

        [Parameter(Mandatory = $true, ParameterSetName = 'LiteralPath')]
        [Alias('PSPath')]
        [ValidateNotNullOrEmpty()]
        [string[]] $LiteralPath,

        [switch] $Quiet,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
    }

    process {
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $missing = [System.Collections.Generic.List[object]]::new()
        if ($PSCmdlet.ParameterSetName -eq 'LiteralPath') {
            $folders = Resolve-InputPath -Path $LiteralPath -Literal -Whole -Missing $missing -Cmdlet $PSCmdlet
        } else {
            $folders = Resolve-InputPath -Path $Path -Whole -Missing $missing -Cmdlet $PSCmdlet
        }
        $paths = [System.Collections.Generic.List[string]]::new()
        foreach ($one in $folders) { $paths.Add($one) }
        foreach ($folder in Complete-InputPath -Path $paths -Missing $missing -Piped:($MyInvocation.ExpectingInput) -Cmdlet $PSCmdlet) {
            $check = Test-ExportFolder -Helper $helper -Folder $folder -Cmdlet $PSCmdlet
            if ($Quiet) {
                $check.Valid
                continue
            }
            $reason = $null
            if (-not $check.Valid) {
                $reason = $script:ExitStatus[$check.Status].Id
            }
            $result = [pscustomobject]@{
                Path     = $folder
                IsValid  = $check.Valid
                Reason   = $reason
                Message  = $check.Message
                Detail   = $check.Lines
                ExitCode = $check.Status
            }
            $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.TestResult')
            $result
        }
    }
}
