# Whether what a finding tells still stands: State, Reason, Source, the Row, and where (Scope) and when
# (Time) it was looked up. See the table of states in about_AzDirectoryActivityLog.
function Resolve-AssignmentState {
    param($Subject, $Store)

    $state = Get-LoggedState $Subject
    if ($null -ne $state.State) {
        return $state
    }
    $list = Get-AssignmentList -Store $Store -Scope $Subject.Scope -Finding $Subject.Finding
    $state.State = 'Unknown'
    $state.Source = $list.Source
    $state.Scope = $list.Scope
    $state.Time = $list.Time
    $state.Reason = $list['Note']
    $row = Find-AssignmentRow -Subject $Subject -List $list
    if ($null -ne $row) {
        $state.Row = $row
        $state.State = 'Active'
        if (Test-RowChanged -Subject $Subject -Row $row) {
            $state.State = 'Changed'
        } elseif ($null -eq $row.Principal -or ($null -eq $row.Role -and [string]::IsNullOrEmpty([string]$row.RoleName))) {
            $state.Reason = 'NotCompared'
        }
        return $state
    }
    if ($Subject.Outcome.Length -eq 0) {
        $state.Reason = 'NoStatus'
    } elseif ($Subject.Outcome -ne 'Succeeded') {
        $state.State = 'Pending'
    } elseif ($null -ne $list.Reason) {
        if ($list.Source -eq 'Export' -and @('Active', 'Changed', 'Removed') -contains $Subject.Finding.StateAtExport) {
            # The export is not at hand any more, but scan has compared them.
            $state.State = [string]$Subject.Finding.StateAtExport
        } else {
            $state.Reason = $list.Reason
        }
    } elseif ($Subject.Kind -eq 'Activation') {
        # An activation ends by itself, and its assignment has a name that the request does not tell.
        $state.Reason = 'NotListed'
    } elseif ($Subject.Kind -eq 'Elevation' -and $null -eq $Subject.Principal) {
        $state.Reason = 'NoCallerObjectId'
    } elseif ($Subject.Kind -eq 'Assignment' -and $Subject.Name.Length -eq 0) {
        $state.Reason = 'LookupFailed: the event names no role assignment'
    } elseif ($list.Source -eq 'Live' -and [string]::IsNullOrEmpty($Subject.Finding.TenantId) -and (Get-ScopeKey $Subject.Scope) -eq '/') {
        # Every tenant has this scope, and this may be the list of another one.
        $state.Reason = 'NoTenant'
    } elseif (-not (Test-ListTells -Subject $Subject -List $list)) {
        $state.Reason = 'LookupFailed: the list has rows that do not say which assignment they are'
    } else {
        $state.State = 'Removed'
    }
    return $state
}
