function Join-AzRoleAssignment {
    <#
    .SYNOPSIS
    Reports for each finding or event whether the role assignment still exists, and who holds it.

    .DESCRIPTION
    Reads the role assignments at the scope of each finding, once per scope, and adds what exists today: State (Active,
    Changed, Removed, NotApplied, Pending, NotApplicable, Unknown), who holds which role now, and where and when it was
    looked up. Where the list has no such assignment, who and what come from the log. The input objects are not changed.
    Findings are returned at once. What an event means depends on later events, so events are returned at the end.

    Lists come from Get-AzRoleAssignment or from -RoleAssignment. Where Az is not installed, or its look-up fails or
    gives nothing, the export's own role assignments answer, and StateReason says why.

    .PARAMETER InputObject
    Findings, or events: anything with Authorization.Action and Authorization.Scope.

    .PARAMETER RoleAssignment
    A saved list to use in place of Get-AzRoleAssignment: its rows, those of az role assignment list, or those of
    azdal's roleAssignments file.

    .PARAMETER IncludeUnlogged
    Also returns the assignments at the root scope, at the tenant root group and at the management groups looked up that
    no finding or event explains. Findings that a filter has left out explain nothing: pass all of them.

    .PARAMETER Offline
    Does not ask Azure: uses the export's own role assignments even where Az is installed.

    .PARAMETER AzdalPath
    The helper program azdal, which reads events. Default: the one in the module's bin folder, else the one on the PATH.

    .PARAMETER DefaultProfile
    The Azure context to use in place of the current one.

    .EXAMPLE
    Find-AzPrivilegedOperation ./case42 | Join-AzRoleAssignment

    Lists the findings of an export, each with what exists today.

    .EXAMPLE
    Find-AzPrivilegedOperation ./case42 | Join-AzRoleAssignment -RoleAssignment (Import-Csv ./assignments.csv)

    Does the same with a list that was saved earlier.

    .INPUTS
    AzDirectoryActivityLog.Finding, AzDirectoryActivityLog.Event, or events of Get-AzActivityLog.

    .OUTPUTS
    AzDirectoryActivityLog.JoinedFinding, and AzDirectoryActivityLog.UnloggedAssignment with -IncludeUnlogged.

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(HelpUri = 'https://azdal.example/help/Join-AzRoleAssignment')]
    [OutputType('AzDirectoryActivityLog.JoinedFinding', 'AzDirectoryActivityLog.UnloggedAssignment')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [AllowNull()]
        [psobject] $InputObject,

        [AllowNull()]
        [AllowEmptyCollection()]
        [psobject[]] $RoleAssignment,

        [switch] $IncludeUnlogged,

        [switch] $Offline,

        [string] $AzdalPath,

        [Alias('AzContext', 'AzureRmContext', 'AzureCredential')]
        [object] $DefaultProfile
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $store = New-AssignmentStore -RoleAssignment $RoleAssignment -HasSaved $PSBoundParameters.ContainsKey('RoleAssignment') -Offline $Offline -DefaultProfile $DefaultProfile -Cmdlet $PSCmdlet
        $explained = $null
        if ($IncludeUnlogged) { $explained = New-ExplainedSet }
        $feed = $null
    }

    process {
        # More than one where a list was given by name; a null is none.
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            if (Test-Finding -InputObject $item) {
                Restore-Finding $item | Join-Finding -Store $store -Explained $explained
                continue
            }
            $line = Get-EventText -InputObject $item
            if ($null -eq $line) {
                # A path, say, or text: a row that says nothing would look like an answer.
                $PSCmdlet.WriteError((New-HelperError -Id InvalidInput -Target $item -Message (
                            "an object of type $($item.PSObject.TypeNames[0]) on the pipeline is neither a finding nor an event") -Hint (
                            'findings come from Find-AzPrivilegedOperation, events from Import-AzDirectoryActivityLog')))
                continue
            }
            # What an event says is for azdal to tell, which also knows it together with the other events.
            if ($null -eq $feed) {
                $feed = New-HelperFeed -AzdalPath $AzdalPath -Argument 'scan', '--format', 'records', '-' -Cmdlet $PSCmdlet
            }
            Add-HelperFeed -Feed $feed -Text $line -InputObject $item
            if ($feed.Batch.Length -ge $script:BatchBytes) {
                Send-HelperFeed -Feed $feed -Cmdlet $PSCmdlet | ConvertFrom-HelperObject -Type Finding -Source $feed.Sources |
                    Join-Finding -Store $store -Explained $explained
            }
        }
    }

    end {
        if ($null -ne $feed) {
            Complete-HelperFeed -Feed $feed -Cmdlet $PSCmdlet | ConvertFrom-HelperObject -Type Finding -Source $feed.Sources |
                Join-Finding -Store $store -Explained $explained
        }
        if ($IncludeUnlogged) {
            Get-UnloggedAssignment -Store $store -Explained $explained
        }
    }
}
