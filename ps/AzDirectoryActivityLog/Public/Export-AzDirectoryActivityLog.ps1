function Export-AzDirectoryActivityLog {
    <#
    .SYNOPSIS
    Fetches the tenant's activity log (Directory Activity Log) into a folder, as evidence.

    .DESCRIPTION
    Writes every event as the server sent it, digests of every file, and a manifest that says what was requested, what
    was received and what is missing. Run again with the same folder, the command continues an interrupted run and
    brings a finished export up to date.

    The parameters of Get-DirectoryActivityLogs of Microsoft-Extractor-Suite work here under the same names. For its
    folders, file names, defaults and empty dates as well, dot-source examples/mes-functions.ps1, which has both of its
    commands.

    .PARAMETER Path
    The folder; created if missing. Default: Output/Directory Activity Logs/<date and time>.

    .PARAMETER StartTime
    Start of the range; local time unless its kind is Utc. Default: 89 days ago. The service keeps 90 days.
    On an existing export, a later start changes nothing; an earlier one adds what the service still has.

    .PARAMETER EndTime
    End of the range; local time unless its kind is Utc. Default: now.

    .PARAMETER Scope
    Whose logs to fetch: tenant (default), mg:ID, mg:* (all management groups), sub:ID, sub:* (all subscriptions) or
    all. The resource id of a management group or subscription works as well.

    .PARAMETER IncludeRoleAssignment
    Also saves the role assignments that exist at the root scope and at every management group. Every update of such an
    export reads them again.

    .PARAMETER Split
    Day: one file per scope and UTC day, in Hive-style folders, which Spark and DuckDB read as one table.

    .PARAMETER Strict
    Reads every range to its last page instead of trusting the order of pages.

    .PARAMETER Restart
    Fetches everything again and replaces the export. It asks first, unless -Confirm:$false is given; the old export
    stays until the new one is complete.

    .PARAMETER Connection
    The number of connections, 1 to 64. Default: 8.

    .PARAMETER Level
    The level of compression, 1 to 9. Default: 6.

    .PARAMETER CertificatePath
    A PEM file with the certificates to trust, in place of the system's.

    .PARAMETER Output
    Also writes the events as one file, DirectoryActivityLogs.csv, .json or .jsonl, into the folder.

    .PARAMETER Encoding
    The encoding of that file. Default: UTF8, as azdal writes it (CSV with a byte order mark). With ASCII, ANSI and OEM,
    characters that the encoding lacks are written as \uXXXX in JSON; in CSV they become question marks, and a warning says so.

    .PARAMETER LogLevel
    None: errors only. Minimal: no progress and no warnings. Standard: progress and warnings (default). Debug: also
    requests, retries and waits, on the verbose stream.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .PARAMETER Endpoint
    Another Azure Resource Manager endpoint. Default: that of the Azure context, else the public cloud's.

    .PARAMETER AccessToken
    A bearer token for Azure Resource Manager: a SecureString, a string, or the object that Get-AzAccessToken or
    az account get-access-token gives. Default: one from
    Get-AzAccessToken, renewed when needed.

    .PARAMETER TokenCommand
    A command whose output is a bearer token, such as: az account get-access-token --query accessToken -o tsv

    .PARAMETER DefaultProfile
    The Azure context to use in place of the current one.

    .EXAMPLE
    Export-AzDirectoryActivityLog -Path ./case42 -IncludeRoleAssignment

    Fetches the last 89 days of the tenant's log, and today's role assignments.

    .EXAMPLE
    Export-AzDirectoryActivityLog ./case42 -Scope all | Find-AzPrivilegedOperation | Join-AzRoleAssignment

    Fetches all logs of the tenant, finds the privileged operations in them, and says which assignments still exist.

    .INPUTS
    None. Nothing is read from the pipeline.

    .OUTPUTS
    AzDirectoryActivityLog.ExportResult

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(SupportsShouldProcess = $true, HelpUri = 'https://azdal.example/help/Export-AzDirectoryActivityLog')]
    [OutputType('AzDirectoryActivityLog.ExportResult')]
    param(
        [Parameter(Position = 0)]
        [Alias('OutputDir')]
        [AllowEmptyString()]
        [string] $Path,

        [Alias('StartDate')]
        [datetime] $StartTime,

        [Alias('EndDate')]
        [datetime] $EndTime,

        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'Scope' -Word $args[0] }, $Word) } })]
        [string[]] $Scope,

        [switch] $IncludeRoleAssignment,

        [ValidateSet('None', 'Day')]
        [string] $Split,

        [switch] $Strict,

        [switch] $Restart,

        [ValidateRange(1, 64)]
        [int] $Connection,

        [ValidateRange(1, 9)]
        [int] $Level,

        [ValidateNotNullOrEmpty()]
        [string] $CertificatePath,

        [ValidateSet('CSV', 'JSON', 'JSONL')]
        [string] $Output,

        [ValidateSet('UTF8', 'UTF8BOM', 'UTF8NoBOM', 'Unicode', 'BigEndianUnicode', 'UTF32', 'BigEndianUTF32', 'UTF7', 'ASCII', 'ANSI', 'OEM', 'Default')]
        [string] $Encoding = 'UTF8',

        [ValidateSet('None', 'Minimal', 'Standard', 'Debug')]
        [string] $LogLevel = 'Standard',

        [string] $AzdalPath,

        [string] $Endpoint,

        [object] $AccessToken,

        [string] $TokenCommand,

        [Alias('AzContext', 'AzureRmContext', 'AzureCredential')]
        [object] $DefaultProfile
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
    }

    end {
        $base = Resolve-FilePath -Path ([System.IO.Path]::Combine('Output', 'Directory Activity Logs')) -Cmdlet $PSCmdlet
        $named = -not [string]::IsNullOrEmpty($Path)
        $again = $null
        if ($named) {
            $folder = Resolve-FilePath -Path $Path -Cmdlet $PSCmdlet
        } else {
            $folder = [System.IO.Path]::Combine($base, [datetime]::Now.ToString('yyyyMMdd-HHmmss', [System.Globalization.CultureInfo]::InvariantCulture))
            $again = Find-UnfinishedExport -Base $base
        }
        if (-not $PSCmdlet.ShouldProcess($folder, 'Export the directory activity log')) {
            return
        }
        if ($Restart -and -not (Confirm-Replacement -Folder $folder -Cmdlet $PSCmdlet)) {
            return
        }
        $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
        $token = New-TokenSource -Cmdlet $PSCmdlet -AccessToken $AccessToken -TokenCommand $TokenCommand -Endpoint $Endpoint -DefaultProfile $DefaultProfile
        $words = [System.Collections.Generic.List[string]]::new()
        $words.AddRange([string[]]('acquire', '--progress', 'json'))
        foreach ($one in $Scope) {
            $words.AddRange([string[]]('--scope', (ConvertTo-ScopeArgument $one)))
        }
        Add-CommonArgument -List $words -Bound $PSBoundParameters
        if ($PSBoundParameters.ContainsKey('CertificatePath')) {
            $words.AddRange([string[]]('--cacert', (Resolve-FilePath -Path $CertificatePath -Cmdlet $PSCmdlet)))
        }
        if ($LogLevel -eq 'Debug') {
            $words.Add('--verbose')
        }
        $words.AddRange([string[]]$token.Arguments)
        if ($null -ne $again) {
            # The run before was interrupted in a folder that it named itself.
            $run = Invoke-Acquisition -Helper $helper -Argument $words -Folder $again -Token $token -LogLevel $LogLevel -Cmdlet $PSCmdlet
            if ($run.Status -eq 8) {
                # It was about something else.
                $again = $null
            } else {
                $folder = $again
            }
        }
        if ($null -eq $again) {
            $run = Invoke-Acquisition -Helper $helper -Argument $words -Folder $folder -Token $token -LogLevel $LogLevel -Cmdlet $PSCmdlet
        }
        $child = $run.Child
        $status = $run.Status
        if ($status -ne 0 -and $status -ne 9) {
            if (-not $named -and [System.IO.Directory]::Exists([System.IO.Path]::Combine($folder, '.partial'))) {
                $kept = "what was fetched is kept in '$folder', and the same command goes on from there"
                if ([string]::IsNullOrEmpty($child.Hint)) { $child.Hint = $kept } else { $child.Hint += '; ' + $kept }
            }
            $PSCmdlet.ThrowTerminatingError((New-ExitError -Child $child -ExitCode $status -Target $folder))
        }
        $views = [System.Collections.Generic.List[string]]::new()
        foreach ($one in $run.Views) {
            # What the export holds it keeps, brought up to date.
            if (-not $PSBoundParameters.ContainsKey('Output') -or $one.Format -ne $Output) {
                $views.Add((Write-FlatFile -Helper $helper -Folder $folder -Format $one.Format -Encoding $one.Encoding -Cmdlet $PSCmdlet))
            }
        }
        if ($PSBoundParameters.ContainsKey('Output')) {
            $views.Add((Write-FlatFile -Helper $helper -Folder $folder -Format $Output -Encoding $Encoding -Cmdlet $PSCmdlet))
        }
        New-ExportResult -Folder $folder -ExitCode $status -Child $child -View $views.ToArray() -Cmdlet $PSCmdlet
        if ($status -eq 9) {
            $PSCmdlet.WriteError((New-ExitError -Child $child -ExitCode $status -Target $folder))
        }
    }
}
