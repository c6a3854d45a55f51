function Export-AzDirectoryActivityReport {
    <#
    .SYNOPSIS
    Writes findings as one HTML page to read, print and hand over.

    .DESCRIPTION
    The page leads with the answer: how many findings matter, and which roles still stand. Below it are what the log
    covers and what is missing, a timeline with the stories that findings make, every finding with its evidence (file,
    line, event ids, who, from where, what stands now), and the digests for the case notes.

    It is one file that needs nothing else: no network, no other file. It works without its script, which only sorts
    and filters. All that comes from the log is text there, whatever it looks like.

    .PARAMETER InputObject
    Findings of Find-AzPrivilegedOperation, better yet joined by Join-AzRoleAssignment, which tells what still stands.
    The assignments that Join-AzRoleAssignment -IncludeUnlogged adds get a table of their own. Rows of
    Get-AzPrivilegedActivity on the same pipeline say in each story what was done with the power.

    .PARAMETER Path
    The file to write, such as report.html.

    .PARAMETER ExportPath
    The folders of the exports that the findings come from. Each is verified (azdal verify) before the report repeats
    what its manifest says: what is proven, up to when, what is missing and why. If an export fails verification, the
    first line of the report says so. Without this parameter the report says that its coverage is not stated.

    .PARAMETER Title
    The heading of the page, such as the name of the case.

    .PARAMETER Force
    Replaces the file where it exists.

    .PARAMETER PassThru
    Returns the file that was written.

    .PARAMETER AzdalPath
    The helper program azdal, which verifies the exports of -ExportPath. Default: the one in the module's bin folder,
    else the one on the PATH.

    .EXAMPLE
    Find-AzPrivilegedOperation ./case42 | Join-AzRoleAssignment | Export-AzDirectoryActivityReport -Path ./case42.html -ExportPath ./case42

    The findings of an export, what still stands, and what the export proves.

    .EXAMPLE
    @(Find-AzPrivilegedOperation ./case42 | Join-AzRoleAssignment) + @(Get-AzPrivilegedActivity ./case42) | Export-AzDirectoryActivityReport ./case42.html -ExportPath ./case42 -Force

    The same, with what the holders of the power did with it.

    .EXAMPLE
    Import-AzDirectoryActivityLog ./saved.json | Find-AzPrivilegedOperation | Export-AzDirectoryActivityReport ./saved.html -Title 'Case 42' -PassThru

    The findings in a file that somebody else saved, under a title of your own; returns the file of the report.

    .INPUTS
    AzDirectoryActivityLog.Finding, AzDirectoryActivityLog.JoinedFinding, AzDirectoryActivityLog.UnloggedAssignment, and
    AzDirectoryActivityLog.PrivilegedActivity.

    .OUTPUTS
    None, or System.IO.FileInfo with -PassThru.

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(SupportsShouldProcess = $true, HelpUri = 'https://azdal.example/help/Export-AzDirectoryActivityReport')]
    [OutputType([System.IO.FileInfo])]
    param(
        [Parameter(ValueFromPipeline = $true)]
        [AllowNull()]
        [psobject] $InputObject,

        [Parameter(Mandatory = $true, Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [ValidateNotNullOrEmpty()]
        [string[]] $ExportPath,

        [ValidateNotNullOrEmpty()]
        [string] $Title = 'Directory activity report',

        [switch] $Force,

        [switch] $PassThru,

        [string] $AzdalPath
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        # What can fail fails before the findings are waited for.
        $full = Resolve-ReportPath -Path $Path -Force $Force -Cmdlet $PSCmdlet
        $exports = [System.Collections.Generic.List[object]]::new()
        foreach ($one in $ExportPath) {
            $export = Read-ReportExport -Folder (Resolve-FilePath -Path $one -Cmdlet $PSCmdlet) -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
            if ($null -ne $export.Problem) {
                $PSCmdlet.WriteWarning("The export did not pass verification, and the report says so: $($export.Problem)")
            }
            $exports.Add($export)
        }
        $template = Read-ReportTemplate -Folder ([System.IO.Path]::Combine($script:ModuleFolder, 'Private', 'Report'))
        $findings = [System.Collections.Generic.List[object]]::new()
        $unlogged = [System.Collections.Generic.List[object]]::new()
        $activity = [System.Collections.Generic.List[object]]::new()
        $strange = @{ Count = 0; One = 'a finding nor privileged activity'; Many = 'findings nor privileged activity'; Hint = 'Find-AzPrivilegedOperation makes findings of events' }
    }

    process {
        # More than one where a list was given by name; a null is none.
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            $members = $item.PSObject.Properties
            if (Test-Finding -InputObject $item -With Severity) {
                $findings.Add((New-ReportFinding -InputObject $item))
            } elseif ($null -ne $members['Via'] -and $null -ne $members['Tactic']) {
                $activity.Add($item)
            } elseif ($null -ne $members['RoleAssignmentId'] -and $null -ne $members['Reason']) {
                $unlogged.Add($item)
            } else {
                Deny-InputObject -Strange $strange -InputObject $item -Cmdlet $PSCmdlet
            }
        }
    }

    end {
        Deny-InputObject -Strange $strange -Total -Cmdlet $PSCmdlet
        $version = $MyInvocation.MyCommand.Module.Version.ToString()
        $report = New-ReportModel -Finding $findings -Unlogged $unlogged -Activity $activity -Export $exports -Title $Title -Version $version
        if (-not $PSCmdlet.ShouldProcess($full, 'Write the report')) {
            return
        }
        Save-ReportFile -Path $full -Template $template -Report $report -Force $Force -Cmdlet $PSCmdlet
        if ($PassThru) {
            [System.IO.FileInfo]::new($full)
        }
    }
}
