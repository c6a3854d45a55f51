# The tables and limits that the module works from, and what it remembers between calls.

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

# Properties one of which every event of another command has.
$script:EventMark = @(
    'Authorization', 'AuthorizationAction', 'OperationName', 'OperationNameValue', 'Operation name', 'operationName', 'operation_name'
    'EventTimestamp', 'eventTimestamp', 'EventDataId', 'Event initiated by'
)
# Flat names of Az.Monitor's new class, and those of the old one that are said otherwise: where the
# service has the same.
$script:FlatName = @{
    AuthorizationAction = @('authorization', 'action'); AuthorizationRole = @('authorization', 'role')
    AuthorizationScope = @('authorization', 'scope'); Authorization = @(, 'authorization')
    CategoryValue = @(, 'category'); EventNameValue = @(, 'eventName'); OperationNameValue = @(, 'operationName')
    ResourceProviderNameValue = @(, 'resourceProviderName'); ResourceTypeValue = @(, 'resourceType')
    StatusValue = @(, 'status'); SubStatusValue = @(, 'subStatus'); Claim = @(, 'claims'); Claims = @(, 'claims')
    Property = @(, 'properties'); Properties = @(, 'properties'); Caller = @(, 'caller'); EventTimestamp = @(, 'eventTimestamp')
    HttpRequestClientIPAddress = @('httpRequest', 'clientIpAddress'); HttpRequestClientRequestId = @('httpRequest', 'clientRequestId')
    HttpRequestMethod = @('httpRequest', 'method'); HttpRequestUri = @('httpRequest', 'uri'); HttpRequest = @(, 'httpRequest')
    OperationName = @(, 'operationName'); Status = @(, 'status'); SubStatus = @(, 'subStatus'); EventName = @(, 'eventName')
    CorrelationId = @(, 'correlationId'); EventDataId = @(, 'eventDataId'); OperationId = @(, 'operationId')
    ResourceId = @(, 'resourceId'); SubscriptionId = @(, 'subscriptionId'); TenantId = @(, 'tenantId'); Level = @(, 'level')
}

# For regular expressions about ids and words of the service. What -match does depends on the language
# of the session: in Turkish no I matches an i.
$script:AnyCase = [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant'

# User Access Administrator, the role that elevation gives at the root scope.
$script:UserAccessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'

# Parameters and the options of azdal that they become: the one table of it.
#   Time    a [datetime], as UTC text      Text    as it is
#   Lower   in small letters               Flag    without a value, when set
$script:ArgumentMap = @(
    @{ Parameter = 'StartTime'; Option = '--since'; Kind = 'Time' }
    @{ Parameter = 'EndTime'; Option = '--until'; Kind = 'Time' }
    @{ Parameter = 'Operation'; Option = '--operation'; Kind = 'Text' }
    @{ Parameter = 'Caller'; Option = '--caller'; Kind = 'Text' }
    @{ Parameter = 'MinimumSeverity'; Option = '--min-severity'; Kind = 'Lower' }
    @{ Parameter = 'Connection'; Option = '--connections'; Kind = 'Text' }
    @{ Parameter = 'Level'; Option = '--level'; Kind = 'Text' }
    @{ Parameter = 'Split'; Option = '--split'; Kind = 'Lower' }
    @{ Parameter = 'IncludeRoleAssignment'; Option = '--role-assignments'; Kind = 'Flag' }
    @{ Parameter = 'Strict'; Option = '--strict'; Kind = 'Flag' }
    @{ Parameter = 'Restart'; Option = '--restart'; Kind = 'Flag' }
)

# Options of azdal in its messages, as regular expressions, and what stands for them here.
$script:OptionWord = @(
    @('--since\b', '-StartTime'), @('--until\b', '-EndTime'), @('--scope\b', '-Scope'), @('--restart\b', '-Restart')
    @('--role-assignments\b', '-IncludeRoleAssignment'), @('--strict\b', '-Strict'), @('--split\b', '-Split')
    @('--endpoint\b', '-Endpoint'), @('--cloud\b', '-Endpoint'), @('--cacert\b', '-CertificatePath'), @('--audience\b', '-Audience')
    @('--token-command\b', '-TokenCommand'), @('--token-(stdin|file)\b', '-AccessToken'), @('--connections\b', '-Connection')
    @('--min-severity\b', '-MinimumSeverity'), @('--operation\b', '-Operation'), @('--caller\b', '-Caller')
    @('\bazdal acquire (?=-)', 'Export-AzDirectoryActivityLog '), @('\bsee azdal (\w+) --help', 'see Get-Help about_AzDirectoryActivityLog')
    @('\banother DIR\b', 'another -Path'), @('\bDIR\b', 'the folder')
)

# What the reasons of Join-AzRoleAssignment mean.
$script:ReportReason = @{
    EmptyList        = 'the list of role assignments was empty, which is also what an account without the right to read them gets'
    Forbidden        = 'the account may not read role assignments there'
    WrongTenant      = 'the finding is of another tenant than the one signed in to'
    NoCallerObjectId = 'the log does not say which object elevated, so there is nothing to look for'
    NotListed        = 'the list does not have it; an activation ends by itself'
    NoStatus         = 'the log does not say whether the operation succeeded, and the list does not have it'
    NotCompared      = 'the list has this assignment, without saying who holds it or which role it gives'
    Eligible         = 'an eligibility, which has to be activated before it is a role assignment'
}

# Text that is what it looks like: printable ASCII without what HTML reads as markup.
$script:ReportSafe = [regex]::new('^[ !#-%(-;=?-~]*\z')
# Kinds of characters that cannot be seen, or that change how others are shown.
$script:ReportHidden = [System.Globalization.UnicodeCategory[]]@('Control', 'Format', 'Surrogate', 'LineSeparator', 'ParagraphSeparator')
# Letters and spaces that look like nothing, or like a plain space.
$script:ReportBlank = [System.Collections.Generic.HashSet[int]]::new([int[]]@(
        0xA0, 0x34F, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2000, 0x2001, 0x2002, 0x2003
        0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F, 0x205F, 0x2800, 0x3164, 0xFFA0
    ))

# The sources of Join-AzRoleAssignment in words.
$script:ReportSource = @{
    Live      = 'the live list of role assignments'
    SavedList = 'a saved list of role assignments'
    Export    = 'the role assignments of the export'
    Log       = 'the log alone'
}

# Severities, the place of each is its rank.
$script:ReportSeverity = [string[]]@('informational', 'low', 'medium', 'high', 'critical')

# What stands in each part of a finding's evidence: a label (HTML) and the property that it shows.
$script:ReportPart = @(
    @{ Title = 'Who did it'; Rows = @(
            @('Caller', 'Caller'), @('Object id', 'CallerObjectId'), @('Application id', 'CallerAppId'),
            @('IP address', 'CallerIpAddress'), @('Tenant', 'TenantId')) }
    @{ Title = 'What was done'; Rows = @(
            @('Operation', 'Operation'), @('Outcome', 'Outcome'), @('Role', 'RoleDefinitionName'), @('Role id', 'RoleDefinitionId'),
            @('Principal', 'PrincipalDisplayName'), @('Sign-in name', 'PrincipalSignInName'), @('Principal id', 'PrincipalId'),
            @('Principal type', 'PrincipalType'), @('To itself', 'SelfAssigned'), @('Scope', 'Scope'), @('Kind of scope', 'ScopeKind'),
            @('Role assignment', 'RoleAssignmentId'), @('Its name', 'RoleAssignmentName'), @('Resource', 'ResourceId')) }
    @{ Title = 'What stands now'; Rows = @(
            @('Ended', 'EndedTime'), @('Ended by', 'EndedBy'), @('At export', 'StateAtExport'), @('Holder now', 'CurrentPrincipalId'),
            @('Role now', 'CurrentRoleDefinitionName'), @('Role id now', 'CurrentRoleDefinitionId'), @('Condition', 'Condition'),
            @('Known from', 'Source'), @('Looked up at', 'LookupScope'), @('Looked up', 'LookupTime')) }
    @{ Title = 'Where it is in the log'; Rows = @(
            @('File', 'SourcePath'), @('Line', 'SourceLine'), @('Log of', 'LogScope'), @('Event ids', 'EventDataIds'),
            @('Correlation id', 'CorrelationId'), @('Operation id', 'OperationId'), @('Time', 'Time'), @('Rule', 'Rule'),
            @('ATT&amp;CK', 'Techniques'), @('Story', 'StoryId')) }
)
# Properties that an investigator asks for first: said to be missing where they are.
$script:ReportKey = @('Caller', 'CallerIpAddress', 'CorrelationId', 'SourcePath', 'EventDataIds')

# How each kind of finding is drawn, around the point where it happened.
$script:ReportMark = @{
    elevation  = '<path d="M0-7L7 5L-7 5Z"/>'
    assignment = '<circle r="5.5"/>'
    removal    = '<path class="cross" d="M-5-5L5 5M-5 5L5-5"/>'
    other      = '<rect x="-5" y="-5" width="10" height="10"/>'
}
# Lines that a lane may take before findings share the last; and the height of a line, pixels.
$script:ReportLaneLines = 12
$script:ReportLineHeight = 18

# Stories that get a lane: more are a wall, not a drawing.
$script:ReportLaneMost = 40
