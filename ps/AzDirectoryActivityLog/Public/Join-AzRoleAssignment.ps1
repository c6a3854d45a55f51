function Join-AzRoleAssignment {
    <#
    .SYNOPSIS
    Reports for each finding or event whether the role assignment still exists, and who holds it.

    .DESCRIPTION
    Looks up the role assignments at the scope of each finding, once for each scope, and adds what stands today:
    State (Active, Changed, Removed, NotApplied, Pending, NotApplicable, Unknown), who holds which role now, and
    where and when it was looked up. Where the list has nothing, who and what come from the log. The objects that
    come in are not changed.

    Lists come from Get-AzRoleAssignment or from -RoleAssignment. Where Az is not installed, or its look-up fails or
    gives nothing, the export's own role assignments answer, and StateReason says why.

    .PARAMETER InputObject
    Findings, or events: anything with Authorization.Action and Authorization.Scope.

    .PARAMETER RoleAssignment
    A saved list to use in place of Get-AzRoleAssignment: its rows, those of az role assignment list, or those of
    azdal's roleAssignments file.

    .PARAMETER IncludeUnlogged
    Also gives the assignments at the root scope, the tenant root group and the management groups looked up that no
    finding or event explains.

    .PARAMETER Offline
    Asks Azure nothing: the export's own role assignments answer, also where Az is installed.

    .PARAMETER DefaultProfile
    The Azure context to use in place of the current one.

    .EXAMPLE
    Find-AzPrivilegedOperation ./case42 | Join-AzRoleAssignment

    The findings of an export, each with what stands today.

    .EXAMPLE
    Find-AzPrivilegedOperation ./case42 | Join-AzRoleAssignment -RoleAssignment (Import-Csv ./assignments.csv)

    The same with a list that was saved earlier.

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

        [Alias('AzContext', 'AzureRmContext', 'AzureCredential')]
        [object] $DefaultProfile
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
        $store = New-AssignmentStore -RoleAssignment $RoleAssignment -HasSaved $PSBoundParameters.ContainsKey('RoleAssignment') -Offline $Offline -DefaultProfile $DefaultProfile -Cmdlet $PSCmdlet
        # Writes of single events wait for the end: a later event may tell that the assignment was
        # deleted. Findings know that already, and pass at once.
        $waiting = [System.Collections.Generic.List[object]]::new()
        $deleted = @{}
        $explained = New-ExplainedSet
    }

    process {
        # More than one where a list was given by name; a null is none.
        foreach ($item in $InputObject) {
            if ($null -eq $item) {
                continue
            }
            if (-not $IncludeUnlogged -and $item.PSObject.TypeNames.Contains('AzDirectoryActivityLog.Event') -and
                $item.OperationName -and
                -not [regex]::IsMatch($item.OperationName, '^Microsoft\.Authorization/(role|elevate)', $script:AnyCase)) {
                # Most events of a log: nothing to look up, and no time to lose.
                New-PlainJoin -InputObject $item
                continue
            }
            $subject = ConvertTo-AssignmentSubject $item
            if ($null -eq $subject) {
                # A path, say, or text: a row that says nothing would look like an answer.
                $PSCmdlet.WriteError((New-HelperError -Id InvalidInput -Target $item -Message (
                            "$($item.PSObject.TypeNames[0]): neither a finding nor an event") -Hint (
                            'Find-AzPrivilegedOperation makes findings, Import-AzDirectoryActivityLog events')))
                continue
            }
            if ($IncludeUnlogged) {
                Add-Explained -Set $explained -Subject $subject
            }
            if (-not $subject.IsFinding -and $subject.Kind -eq 'Assignment' -and $subject.Outcome -eq 'Succeeded' -and
                -not [string]::IsNullOrEmpty($subject.Name)) {
                $key = (Get-ScopeKey $subject.Scope) + '|' + $subject.Name.ToLowerInvariant()
                if ($subject.Verb -eq 'Write') {
                    $waiting.Add(@{ Subject = $subject; Key = $key })
                    continue
                }
                if ($null -ne $subject.Base.Time) {
                    if (-not $deleted.ContainsKey($key)) {
                        $deleted[$key] = [System.Collections.Generic.List[object]]::new()
                    }
                    $deleted[$key].Add(@{ Time = $subject.Base.Time; By = $subject.Base.Caller })
                }
            }
            New-JoinedFinding -Subject $subject -State (Resolve-AssignmentState -Subject $subject -Store $store) -Store $store
        }
    }

    end {
        foreach ($item in $waiting) {
            $subject = $item.Subject
            if ($deleted.ContainsKey($item.Key) -and $null -ne $subject.Base.Time) {
                foreach ($end in $deleted[$item.Key]) {
                    if ($end.Time -gt $subject.Base.Time -and ($null -eq $subject.Ended -or $end.Time -lt $subject.Ended)) {
                        $subject.Ended = $end.Time
                        $subject.Base.EndedTime = $end.Time
                        $subject.Base.EndedBy = $end.By
                    }
                }
            }
            New-JoinedFinding -Subject $subject -State (Resolve-AssignmentState -Subject $subject -Store $store) -Store $store
        }
        if ($IncludeUnlogged) {
            Get-UnloggedAssignment -Store $store -Explained $explained
        }
    }
}
