# Starts the helper with all three pipes and one read outstanding on each of its outputs. What it
# writes is handled on the pipeline thread alone (Read-HelperLine); no script block is ever a .NET
# event handler. Child is an empty hashtable that this fills: the caller makes it before its `try` and
# gives it to Stop-HelperProcess in `finally`, so that a stop at any moment finds what was started.
# Clear-HelperProcess knows the child until then.
#
# Token: where tokens come from (New-TokenSource), or null. Json: the child writes one JSON object a
# line to standard error. LogLevel: how much of that is shown.
function Start-HelperProcess {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [hashtable] $Child,
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
    $Child.Process = $process
    $Child.Path = $Path
    $Child.OutTask = $null
    $Child.ErrTask = $null
    $Child.Token = $Token
    $Child.Json = [bool]$Json
    $Child.LogLevel = $LogLevel
    $Child.Activity = $Activity
    $Child.Drawn = $false
    $Child.Warnings = [System.Collections.Generic.List[string]]::new()
    $Child.Error = $null
    $Child.Hint = $null
    $Child.Done = $null
    if (-not $Child.ContainsKey('Views')) {
        $Child.Views = @()
    }
    # Weakly: should nothing of the caller run any more, the child shows it (Clear-HelperProcess).
    $Child.Owner = [System.WeakReference]::new($Cmdlet)
    $script:Children.Add($Child)
    for ($again = $false; ; $again = $true) {
        try {
            $null = $process.Start()
            break
        } catch {
            $cause = $_.Exception.GetBaseException()
            $code = 0
            $why = $cause.Message
            if ($cause -is [System.ComponentModel.Win32Exception]) {
                $code = $cause.NativeErrorCode
                $why = [System.ComponentModel.Win32Exception]::new($code).Message
            }
            # 13 is EACCES: packages that know no permissions lose the execute bit, and the module mends its own.
            if ($code -eq 13 -and -not $again -and $Path.StartsWith($script:ModuleFolder + '/bin/', [System.StringComparison]::Ordinal)) {
                Set-ExecuteBit -Path $Path
                continue
            }
            $null = $script:Children.Remove($Child)
            $Cmdlet.ThrowTerminatingError((New-StartError -Path $Path -Count $Argument.Length -Code $code -Why $why -Cause $cause))
        }
    }
    $Child.ActivityId = $process.Id
    # With a buffer that holds several events: the process's own is smaller than one.
    $Child.Out = [System.IO.StreamReader]::new($process.StandardOutput.BaseStream, $utf8, $true, 65536)
    $Child.Err = $process.StandardError
    $Child.In = $process.StandardInput.BaseStream
    $Child.ErrTask = $Child.Err.ReadLineAsync()
    if (-not $RawOutput) {
        $Child.OutTask = $Child.Out.ReadLineAsync()
    }
}
