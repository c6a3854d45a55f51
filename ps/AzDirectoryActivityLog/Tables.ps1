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
# Callers of findings of this session, which complete -Caller where no file is named.
$script:FoundCaller = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
# Whether ConvertFrom-Json has -DateKind; asked when first needed.
$script:JsonDateKind = $null

# Waits before a look-up of role assignments is tried again, milliseconds.
$script:LookupWaitMs = [int[]]@(2000, 6000)
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

# What a joined finding has besides.
$script:JoinedProperty = @(
    'State', 'StateReason', 'Source', 'PrincipalDisplayName', 'PrincipalSignInName', 'CurrentPrincipalId'
    'CurrentRoleDefinitionId', 'CurrentRoleDefinitionName', 'Condition', 'LookupScope', 'LookupTime', 'Remedy'
)

# What azdal's operations on roles are, in any letter case (Get-OperationKind).
$script:OperationKind = [System.Collections.Generic.Dictionary[string, string]]::new([System.StringComparer]::OrdinalIgnoreCase)
$script:OperationKind['Microsoft.Authorization/elevateAccess/action'] = 'Elevation'
$script:OperationKind['Microsoft.Authorization/roleAssignments/write'] = 'Assignment'
$script:OperationKind['Microsoft.Authorization/roleAssignments/delete'] = 'Removal'
$script:OperationKind['Microsoft.Authorization/roleAssignmentScheduleRequests/write'] = 'Activation'
$script:OperationKind['Microsoft.Authorization/roleEligibilityScheduleRequests/write'] = 'Eligibility'
# Notes of azdal about requests to Privileged Identity Management that give no role, and what such a request is.
$script:RequestKind = @{
    'The request ends this role: it gives nothing.'         = 'Ending'
    'The request was withdrawn or denied: it gave nothing.' = 'Withdrawal'
}
# The note about one of which no record says what it is for.
$script:UnknownRequest = 'No record says what was asked for: it may be the end of a role.'
# Requests to it that are no role assignment, and why: the reason of their state.
$script:NoGrant = @{ Eligibility = 'Eligible'; Ending = 'Ending'; Withdrawal = 'Withdrawal' }

# What an operation on a role did, by its kind and by how it ended (Get-FindingSentence): the word in front of whom it is about last.
$script:GrantVerb = @{
    Assignment  = 'gave', 'failed to give', 'to'
    Removal     = 'took', 'failed to take', 'from'
    Activation  = 'gave through PIM', 'failed to give through PIM', 'to'
    Eligibility = 'gave eligibility for', 'failed to give eligibility for', 'to'
    Ending      = 'ended the PIM role', 'failed to end the PIM role', 'of'
    Request     = 'made a request to PIM about', 'failed to make a request to PIM about', 'of'
    Withdrawal  = 'withdrew, or was denied, a request for', 'failed to withdraw a request for', 'of'
}

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
# Names under which producers have members of events (Add-EventMember): Log Analytics has a second column with what was
# dynamic, Az.Monitor's new class names of its own. And the parts of a request where they stand beside each other.
$script:MemberName = @{ Claims = 'Claims_d', 'Claim'; HttpRequest = @(, 'HttpRequest_d'); Properties = 'Properties_d', 'Property' }
$script:RequestName = [ordered]@{
    clientRequestId = @(, 'HttpRequestClientRequestId'); clientIpAddress = 'callerIpAddress', 'HttpRequestClientIPAddress'
    method = @(, 'HttpRequestMethod'); uri = @(, 'HttpRequestUri')
}

# For regular expressions about ids and words of the service. What -match does depends on the language
# of the session: in Turkish no I matches an i.
$script:AnyCase = [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant'
# The same for patterns with '*'.
$script:AnyCaseWildcard = [System.Management.Automation.WildcardOptions]'IgnoreCase, CultureInvariant'

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
    @('--endpoint\b', '-Endpoint'), @('--cloud\b', '-Endpoint'), @('--cacert\b', '-CertificatePath')
    @('--token-command\b', '-TokenCommand'), @('--token-(stdin|file)\b', '-AccessToken'), @('--connections\b', '-Connection')
    @('--min-severity\b', '-MinimumSeverity'), @('--operation\b', '-Operation'), @('--caller\b', '-Caller')
    @('\bazdal acquire (?=-)', 'Export-AzDirectoryActivityLog '), @('\bsee azdal (\w+) --help', 'see Get-Help about_AzDirectoryActivityLog')
    @('\banother DIR\b', 'another -Path'), @('\bDIR\b', 'the folder')
)

# What the reasons of Join-AzRoleAssignment mean.
$script:ReportReason = @{
    EmptyList        = 'the list of role assignments was empty, which is also what an account without the right to read them gets, or it was saved without any assignment at this scope'
    Forbidden        = 'the account may not read role assignments there'
    GraphForbidden   = 'Microsoft Graph does not let the account read who the holders are; Azure itself was not the cause'
    WrongTenant      = 'the finding is of another tenant than the one signed in to'
    NoTenant         = 'the log does not say which tenant it is about, and the list of the one signed in to does not have it'
    NoCallerObjectId = 'the log does not say which object elevated, so there is nothing to look for'
    NotListed        = 'the list does not have it; an activation ends by itself'
    NoStatus         = 'the log does not say whether the operation succeeded, and the list does not have it'
    NotCompared      = 'the list has this assignment, without saying who holds it or which role it gives'
    Ending           = 'a request that ends a role of Privileged Identity Management, and gives none'
    Withdrawal       = 'a request to Privileged Identity Management that was withdrawn or denied, and gave nothing'
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

# Lines that a lane may take before findings share the last; and the height of a line, pixels.
$script:ReportLaneLines = 12
$script:ReportLineHeight = 18
# Height of the histogram of what was done with a story's power, pixels; and parts of the axis that it counts in.
$script:ReportDensityHeight = 16
$script:ReportDensityParts = 200

# Rows of what was done that a story shows; the rest is counted.
$script:ReportActivityMost = 200
# Holders that a note about some of a story's names.
$script:ReportHolderMost = 5
# Stories that get a lane: more are a wall, not a drawing.
$script:ReportLaneMost = 40

# Members of events that are read from Raw when they are first asked for. The session runs them outside
# the module, so that they have to find it.
$script:EventMember = [ordered]@{
    Claims      = { foreach ($module in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $module.Invoke({ Add-EventMember -InputObject $args[0] -Name 'Claims' }, $this) } }
    HttpRequest = { foreach ($module in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $module.Invoke({ Add-EventMember -InputObject $args[0] -Name 'HttpRequest' }, $this) } }
    Properties  = { foreach ($module in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $module.Invoke({ Add-EventMember -InputObject $args[0] -Name 'Properties' }, $this) } }
}

# What the reasons of an assignment that no event explains mean.
$script:UnloggedReason = @{
    BeforeWindow = 'made before the log begins'
    AfterWindow  = 'made after the log ends'
    NotInLog     = 'made since the log begins'
    AgeUnknown   = 'when it was made is not known'
}

# Languages in which PowerShell breaks the cells of a table between words (ConvertTo-FindingText).
$script:WordWrap = @('en', 'fr', 'de', 'it', 'pt', 'es')
# Columns of a line that the cells before the sentence take, in the table in which they take most.
$script:SentenceIndent = 41

# Built-in roles by id, for rows that do not say the name: those that azdal knows.
$script:BuiltInRole = @{
    '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' = 'Owner'
    '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9' = 'User Access Administrator'
    'f58310d9-a9f6-439a-9e8d-f62e7b41a168' = 'Role Based Access Control Administrator'
    'b24988ac-6180-42a0-ab88-20f7382dd24c' = 'Contributor'
    'a8889054-8d42-49c9-bc1c-52486c10e7cd' = 'Reservations Administrator'
    'acdd72a7-3385-48ef-bd42-f606fba81ae7' = 'Reader'
    '43d0d8ad-25c7-4714-9337-8ba259a9fe05' = 'Monitoring Reader'
    '749f88d5-cbae-40b8-bcfc-e573ddc772fa' = 'Monitoring Contributor'
    '92aaf0da-9dab-42b6-94a3-d43ce8d16293' = 'Log Analytics Contributor'
    '73c42c96-874c-492b-b04d-ab87d138a893' = 'Log Analytics Reader'
    'fb1c8493-542b-48eb-b624-b4c8fea62acd' = 'Security Admin'
    '39bc4728-0917-49c7-9d2c-d95423bc2eb4' = 'Security Reader'
    'ab8e14d6-4a74-4a29-9ba8-549422addade' = 'Microsoft Sentinel Contributor'
    '8d289c81-5878-46d4-8554-54e1e3d8b5cb' = 'Microsoft Sentinel Reader'
    '3e150937-b8fe-4cfb-8069-0eaf05ecd056' = 'Microsoft Sentinel Responder'
    '00482a5a-887f-4fb3-b363-3b7fe8e74483' = 'Key Vault Administrator'
    '8b54135c-b56d-4d72-a534-26097cfdc8d8' = 'Key Vault Data Access Administrator'
    'f25e0fa2-a7c8-4377-a976-54943a77a395' = 'Key Vault Contributor'
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' = 'Key Vault Secrets Officer'
    '4633458b-17de-408a-b874-0445c86b69e6' = 'Key Vault Secrets User'
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' = 'Storage Blob Data Owner'
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe' = 'Storage Blob Data Contributor'
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' = 'Storage Blob Data Reader'
    '17d1049b-9a84-46fb-8f53-869881c3d3ab' = 'Storage Account Contributor'
    '92b92042-07d9-4307-87f7-36a593fc5850' = 'Azure File Sync Administrator'
    'dffb1e0c-446f-4dde-a09f-99eb5cc68b96' = 'Azure Arc Kubernetes Admin'
    '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8' = 'Azure Kubernetes Service Cluster Admin Role'
    '7f951dda-4ed3-4680-a7ca-43fe172d538d' = 'AcrPull'
    '8311e382-0749-4cb8-b61a-304f252e45ec' = 'AcrPush'
    '150f5e0c-0603-4f03-8c7f-cf70034c4e90' = 'Data Purger'
    '9980e02c-c2be-4d73-94e8-173b1dc7cf3c' = 'Virtual Machine Contributor'
    '1c0163c0-47e6-4577-8991-ea5c82e286e4' = 'Virtual Machine Administrator Login'
    '4d97b98b-1d4f-4787-a291-c67834d212e7' = 'Network Contributor'
    'de139f84-1756-47ae-9be6-808fbbe84772' = 'Website Contributor'
    'f1a07417-d97a-45cb-824c-7a7467783830' = 'Managed Identity Operator'
    'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59' = 'Managed Identity Contributor'
    '5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c' = 'Management Group Contributor'
    'ac63b705-f282-497d-ac71-919bf39d939d' = 'Management Group Reader'
    '350f8d15-c687-4448-8ae1-157740a3936d' = 'Hierarchy Settings Administrator'
    '36243c78-bf99-498c-9df9-86d9f8d28608' = 'Resource Policy Contributor'
    '41077137-e803-4205-871c-5a86e6a753b4' = 'Blueprint Contributor'
    '91c1777a-f3dc-4fae-b103-61d183457e46' = 'Managed Services Registration assignment Delete Role'
    'fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64' = 'Billing Reader'
    '72fafb9e-0641-4937-9268-a91bfd8191a3' = 'Cost Management Reader'
    '434105ed-43f6-45c7-a02f-909b2ba83430' = 'Cost Management Contributor'
    'cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e' = 'Support Request Contributor'
}

# The place of a finding's severity among them.
$script:SeverityRank = {
    [array]::IndexOf([string[]]@('informational', 'low', 'medium', 'high', 'critical'), ([string]$this.Severity).ToLowerInvariant())
}

# Properties of a row of azdal trace, in order; it prints the same names in camelCase.
$script:TraceProperty = @(
    'StoryId', 'Depth', 'Holder', 'HolderName', 'HolderType', 'GrantedBy', 'Via', 'Role', 'Scope', 'ScopeKind', 'GrantTime'
    'EndTime', 'Operation', 'Title', 'Tactic', 'Techniques', 'Count', 'Succeeded', 'Failed', 'FirstTime', 'LastTime'
    'ResourceCount', 'Resources', 'Subscriptions', 'IpAddresses', 'AppIds', 'EventDataIds', 'Notes', 'TimeBins'
)
# What is a list and what is a time in a finding or such a row.
$script:ListProperty = $script:FindingList + @('Resources', 'Subscriptions', 'IpAddresses', 'AppIds', 'TimeBins')
$script:TimeProperty = @('Time', 'EndedTime', 'GrantTime', 'EndTime', 'FirstTime', 'LastTime')

# Properties of the objects that the commands give, by the last part of their type. An object that is made with
# its type name cannot have them twice: the name is inserted afterwards.
$script:ObjectProperty = [ordered]@{
    Finding           = $script:FindingProperty
    JoinedFinding     = $script:JoinedProperty + $script:FindingProperty
    PrivilegedActivity = $script:TraceProperty
    Event             = @(
        'Authorization', 'Caller', 'CorrelationId', 'Description', 'EventDataId', 'EventName', 'Category', 'EventTimestamp', 'Id', 'Level'
        'OperationId', 'OperationName', 'ResourceGroupName', 'ResourceProviderName', 'ResourceId', 'Status', 'SubmissionTimestamp'
        'SubscriptionId', 'SubStatus', 'ResourceType', 'TenantId', 'Channels', 'LogScope', 'SourcePath', 'SourceLine', 'Raw'
    )
    UnloggedAssignment = @(
        'Reason', 'Scope', 'ScopeKind', 'RoleAssignmentName', 'RoleAssignmentId', 'PrincipalId', 'PrincipalType', 'PrincipalDisplayName'
        'PrincipalSignInName', 'RoleDefinitionId', 'RoleDefinitionName', 'Condition', 'CreatedOn', 'CreatedBy', 'TenantId', 'Source'
        'LookupScope', 'LookupTime', 'Remedy'
    )
    TestResult        = @('Path', 'IsValid', 'Reason', 'Message', 'Detail', 'ExitCode')
    AccessResult      = @('HasAccess', 'Reason', 'Remedy', 'Message', 'TenantId', 'Account', 'ObjectId', 'Scopes')
    ExportResult      = @(
        'Path', 'Verdict', 'ExitCode', 'EventCount', 'StartTime', 'EndTime', 'SettledUntil', 'Clamped', 'FirstEvent', 'LastEvent', 'Scopes'
        'TenantId', 'Identity', 'Requests', 'Retries', 'Duration', 'ManifestPath', 'ManifestSha256', 'Files', 'Warnings'
    )
}

# The rules of azdal, for completion (azdal rules; a test compares them).
$script:RuleName = @(
    'elevate-access', 'role-assignment-root', 'role-assignment-mg', 'role-assignment-privileged'
    'role-assignment-provider', 'role-assignment-removed', 'role-definition', 'pim-schedule', 'lighthouse'
    'logging-changed', 'policy-guard', 'hierarchy', 'hybrid-health', 'classic-administrator', 'lock-removed'
)

# The operations that its rules look at, for completion; the same test compares them.
$script:OperationName = @(
    'Microsoft.*/providers/Microsoft.Insights/diagnosticSettings/delete'
    'Microsoft.*/providers/Microsoft.Insights/diagnosticSettings/write'
    'microsoft.aadiam/diagnosticSettings/delete'
    'microsoft.aadiam/diagnosticSettings/write'
    'Microsoft.ADHybridHealthService/services/delete'
    'Microsoft.ADHybridHealthService/services/servicemembers/action'
    'Microsoft.ADHybridHealthService/services/servicemembers/write'
    'Microsoft.Authorization/classicAdministrators/delete'
    'Microsoft.Authorization/classicAdministrators/write'
    'Microsoft.Authorization/denyAssignments/delete'
    'Microsoft.Authorization/elevateAccess/action'
    'Microsoft.Authorization/locks/delete'
    'Microsoft.Authorization/policyAssignments/delete'
    'Microsoft.Authorization/policyAssignments/write'
    'Microsoft.Authorization/policyExemptions/write'
    'Microsoft.Authorization/roleAssignments/delete'
    'Microsoft.Authorization/roleAssignments/write'
    'Microsoft.Authorization/roleAssignmentScheduleRequests/cancel/action'
    'Microsoft.Authorization/roleAssignmentScheduleRequests/write'
    'Microsoft.Authorization/roleDefinitions/delete'
    'Microsoft.Authorization/roleDefinitions/write'
    'Microsoft.Authorization/roleEligibilityScheduleRequests/cancel/action'
    'Microsoft.Authorization/roleEligibilityScheduleRequests/write'
    'Microsoft.Authorization/roleManagementPolicies/write'
    'Microsoft.Authorization/roleManagementPolicyAssignments/write'
    'Microsoft.Insights/diagnosticSettings/delete'
    'Microsoft.Insights/diagnosticSettings/write'
    'Microsoft.ManagedServices/registrationAssignments/write'
    'Microsoft.Management/managementGroups/delete'
    'Microsoft.Management/managementGroups/settings/write'
    'Microsoft.Management/managementGroups/subscriptions/delete'
    'Microsoft.Management/managementGroups/subscriptions/write'
    'Microsoft.Management/managementGroups/write'
    'Microsoft.Resources/tenants/register/action'
    'Microsoft.Resources/tenants/unregister/action'
    'Microsoft.Subscription/*changeTenantRequest*/action'
    'Microsoft.Subscription/*changeTenantRequest*/delete'
    'Microsoft.Subscription/*changeTenantRequest*/write'
    'Microsoft.Subscription/*updateTenant/action'
    'Microsoft.Subscription/Policies/write'
)
