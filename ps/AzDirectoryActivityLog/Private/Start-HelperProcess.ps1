# Starts the helper with all three pipes and one read outstanding on each of its outputs. What it
# writes is handled on the pipeline thread alone (Read-HelperLine); no script block is ever a .NET
# event handler. The child is known to Clear-HelperProcess until Stop-HelperProcess.
#
# Token: where tokens come from (New-TokenSource), or null. Json: the child writes one JSON object a
# line to standard error. LogLevel: how much of that is shown.
function Start-HelperProcess {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [Parameter(Mandatory = $true)] [string[]] $Argument,
        [Parameter(Mandatory = $true)] $Cmdlet,
        [AllowNull()] $Token,
        [switch] $Json,
        [switch] $RawOutput,
        [string] $LogLevel = 'Standard',
        [string] $Activity = 'azdal'
    )

    $utf8 = [System.Text.UTF8Encoding]::new($false)
    $start = [System.Diagnostics.ProcessStartInfo]::new($Path)
    $start.Arguments = ConvertTo-ArgumentText -Argument $Argument
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $utf8
    $start.StandardErrorEncoding = $utf8
    $location = $Cmdlet.SessionState.Path.CurrentFileSystemLocation
    if ($null -ne $location -and [System.IO.Directory]::Exists($location.ProviderPath)) {
        $start.WorkingDirectory = $location.ProviderPath
    }
    $process = [System.Diagnostics.Process]::new()
    $process.StartInfo = $start
    try {
        $null = $process.Start()
    } catch {
        $process.Dispose()
        $cause = $_.Exception
        while ($null -ne $cause.InnerException) {
            $cause = $cause.InnerException
        }
        $hint = 'use the azdal of this platform, or name one with -AzdalPath'
        # 13 is EACCES: archives that know no permissions lose the execute bit.
        if ($cause -is [System.ComponentModel.Win32Exception] -and $cause.NativeErrorCode -eq 13) {
            $hint = "it may have lost its execute permission: chmod +x '$Path'"
        }
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperNotFound -Target $Path -InnerException $cause -Message (
                    "${Path}: the helper program cannot be started: $($cause.Message)") -Hint $hint))
    }
    $out = $null
    if (-not $RawOutput) {
        $out = $process.StandardOutput.ReadLineAsync()
    }
    $child = @{
        Process    = $process
        Path       = $Path
        Out        = $process.StandardOutput
        Err        = $process.StandardError
        In         = $process.StandardInput.BaseStream
        OutTask    = $out
        ErrTask    = $process.StandardError.ReadLineAsync()
        WriteTask  = $null
        Token      = $Token
        Json       = [bool]$Json
        LogLevel   = $LogLevel
        Activity   = $Activity
        ActivityId = $process.Id
        Drawn      = $false
        Warnings   = [System.Collections.Generic.List[string]]::new()
        Error      = $null
        Hint       = $null
        Done       = $null
        Owner      = $null
        HistoryId  = $Cmdlet.MyInvocation.HistoryId
    }
    $script:Children.Add($child)
    return $child
}
