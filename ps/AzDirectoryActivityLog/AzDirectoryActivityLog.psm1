# AzDirectoryActivityLog: events of the tenant's activity log as objects, findings in them, and who
# holds what today. The work on the log itself is done by the helper program azdal; this module
# starts it, reads what it prints, hands it tokens, and asks Az about role assignments.
#
# The module's own code calls Microsoft.PowerShell.Core commands, ConvertFrom-Json and the three Az
# commands it is about, and nothing else, so that it works in bare hosts and is not at the mercy of
# commands of the same names in the session. Importing it is silent and touches nothing.

Set-StrictMode -Version Latest

# Exit statuses of azdal, as in its own table (azdal --help): the error id and category of each.
$script:ExitStatus = @{
    1   = @{ Id = 'Internal'; Category = 'NotSpecified' }
    2   = @{ Id = 'Usage'; Category = 'InvalidArgument' }
    3   = @{ Id = 'NotAuthorised'; Category = 'PermissionDenied' }
    4   = @{ Id = 'Refused'; Category = 'InvalidOperation' }
    5   = @{ Id = 'Network'; Category = 'ConnectionError' }
    6   = @{ Id = 'LocalIO'; Category = 'WriteError' }
    7   = @{ Id = 'Untrusted'; Category = 'InvalidData' }
    8   = @{ Id = 'ForeignState'; Category = 'InvalidData' }
    9   = @{ Id = 'Incomplete'; Category = 'ResourceUnavailable' }
    130 = @{ Id = 'Interrupted'; Category = 'OperationStopped' }
}

# Errors that are the module's own.
$script:OwnError = @{
    HelperNotFound = 'ObjectNotFound'
    HelperVersion  = 'InvalidOperation'
    NotSignedIn    = 'AuthenticationError'
    WrongTenant    = 'InvalidOperation'
    InvalidInput   = 'InvalidData'
}

# Clouds that azdal knows by name, by the host of their Resource Manager.
$script:CloudName = @{
    'management.azure.com'           = 'public'
    'management.usgovcloudapi.net'   = 'usgov'
    'management.chinacloudapi.cn'    = 'china'
}

# The first version of azdal that this module works with; the major number must be the same.
$script:HelperVersionMinimum = [version]'0.1.0'
# Versions of helpers seen, by path, so that each is asked once.
$script:HelperVersion = @{}
# Child processes that are under way; see Clear-HelperProcess.
$script:Children = [System.Collections.Generic.List[object]]::new()
# Whether ConvertFrom-Json has -DateKind; asked when first needed.
$script:JsonDateKind = $null

# How long a child may take to save its state after `cancel` before it is killed, milliseconds.
$script:CancelWaitMs = 3000
# Longest wait before the pipeline thread looks whether it was stopped, milliseconds.
$script:PollMs = 200
# Bytes of events that are gathered before they are written to the helper: few writes, little held.
$script:BatchBytes = 262144

# Properties of a finding, in order; azdal scan prints the same names in camelCase.
$script:FindingProperty = @(
    'Time', 'Rule', 'Severity', 'Title', 'Outcome', 'Operation', 'Caller', 'CallerObjectId', 'CallerAppId'
    'CallerIpAddress', 'TenantId', 'Scope', 'ScopeKind', 'ResourceId', 'RoleAssignmentName', 'RoleAssignmentId'
    'PrincipalId', 'PrincipalType', 'RoleDefinitionId', 'RoleDefinitionName', 'SelfAssigned', 'EndedTime'
    'EndedBy', 'StateAtExport', 'StoryId', 'CorrelationId', 'OperationId', 'EventDataIds', 'Techniques'
    'Notes', 'LogScope', 'SourcePath', 'SourceLine'
)
# Those of them that are lists.
$script:FindingList = @('EventDataIds', 'Techniques', 'Notes')

# Columns of `azdal cat --format csv` that are properties of an event.
$script:EventColumn = @(
    'EventTimestamp', 'OperationName', 'Status', 'SubStatus', 'EventName', 'Category', 'Level', 'Caller'
    'ResourceId', 'ResourceGroupName', 'ResourceProviderName', 'ResourceType', 'SubscriptionId', 'TenantId'
    'CorrelationId', 'OperationId', 'EventDataId', 'SubmissionTimestamp', 'Description', 'Channels', 'Id'
    'Authorization.Action', 'Authorization.Role', 'Authorization.Scope'
)

# For regular expressions about ids and words of the service. What -match does depends on the language
# of the session: in Turkish no I matches an i.
$script:AnyCase = [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant'

# User Access Administrator, the role that elevation gives at the root scope.
$script:UserAccessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'

foreach ($script:Folder in 'Private', 'Public') {
    $script:Files = [System.IO.Directory]::GetFiles(
        [System.IO.Path]::Combine($PSScriptRoot, $script:Folder), '*.ps1')
    [array]::Sort($script:Files, [System.StringComparer]::Ordinal)
    foreach ($script:File in $script:Files) {
        . $script:File
    }
}

# Nothing that this module started outlives it.
$ExecutionContext.SessionState.Module.OnRemove = { Clear-HelperProcess -All }

Export-ModuleMember -Function @(
    'Export-AzDirectoryActivityLog'
    'Export-AzDirectoryActivityReport'
    'Find-AzPrivilegedOperation'
    'Get-AzDirectoryActivityLog'
    'Import-AzDirectoryActivityLog'
    'Join-AzRoleAssignment'
    'Test-AzDirectoryActivityAccess'
    'Test-AzDirectoryActivityLog'
) -Cmdlet @() -Variable @() -Alias @()
