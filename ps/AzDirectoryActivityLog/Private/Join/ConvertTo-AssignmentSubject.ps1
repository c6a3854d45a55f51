# What a finding says about a role assignment, in one form:
#   Kind     Assignment, Elevation, PimActive, Eligible or None
#   Verb     Write or Delete
#   Base     the properties of the finding, in order
#   Scope, Name, Principal, Role, Outcome, Ended  what the look-up compares
function ConvertTo-AssignmentSubject {
    param($InputObject)

    $base = [ordered]@{}
    # Logs have many events: members are read here, without a call for each.
    $members = $InputObject.PSObject.Properties
    foreach ($name in $script:FindingProperty) {
        $value = $members[$name]
        if ($null -ne $value) {
            $value = $value.Value
        }
        if ($script:FindingList -contains $name) {
            if ($null -eq $value) {
                $value = @()
            }
        } elseif ($value -is [string]) {
            # A finding that was saved as text: no text is none, and times are times again.
            if ($value.Length -eq 0) {
                $value = $null
            } elseif ($name -eq 'Time' -or $name -eq 'EndedTime') {
                $value = ConvertTo-UtcTime $value
            }
        }
        $base[$name] = $value
    }
    $operation = [string]$base.Operation
    $subject = @{
        Kind = 'None'; Verb = $null; Base = $base
        Scope = $null; Name = $null; Principal = $null; Role = $null
        Outcome = [string]$base.Outcome; Ended = ConvertTo-UtcTime $base.EndedTime
    }
    $kinds = [regex]::Match($operation,
        '^Microsoft\.Authorization/(?:(elevateAccess)/action|(roleAssignments)/(write|delete)|(roleAssignmentScheduleRequests)/write|(roleEligibility\w+)/)',
        $script:AnyCase)
    if (-not $kinds.Success) {
        return $subject
    }
    if ($kinds.Groups[5].Success) {
        $subject.Kind = 'Eligible'
        return $subject
    }
    $subject.Role = Get-GuidText $base.RoleDefinitionId
    $subject.Principal = Get-GuidText $base.PrincipalId
    if ($kinds.Groups[1].Success) {
        $subject.Kind = 'Elevation'
        $subject.Verb = 'Write'
        $subject.Scope = '/'
        $subject.Role = $script:UserAccessAdministrator
        $guid = [guid]::Empty
        if (-not [string]::IsNullOrEmpty([string]$base.CallerObjectId)) {
            $subject.Principal = Get-GuidText $base.CallerObjectId
        } elseif ([guid]::TryParse([string]$base.Caller, [ref]$guid)) {
            $subject.Principal = $guid.ToString('D')
        } else {
            $subject.Principal = $null
        }
        return $subject
    }
    # The scope: where the role applies. What stands in front of the assignment's own part of the id.
    $id = [string]$base.RoleAssignmentId
    if ([string]::IsNullOrEmpty($id)) {
        $id = [string]$base.ResourceId
    }
    $own = [regex]::Match($id, '^(.*?)/providers/Microsoft\.Authorization/role\w+/([^/]+)/?$',
        [System.Text.RegularExpressions.RegexOptions]'IgnoreCase, CultureInvariant, RightToLeft')
    $subject.Scope = [string]$base.Scope
    if ([string]::IsNullOrEmpty($subject.Scope) -and $own.Success) {
        $subject.Scope = $own.Groups[1].Value
        if ($subject.Scope.Length -eq 0) {
            $subject.Scope = '/'
        }
    }
    $subject.Name = [string]$base.RoleAssignmentName
    if ([string]::IsNullOrEmpty($subject.Name) -and $own.Success) {
        $subject.Name = $own.Groups[2].Value
    }
    if ($kinds.Groups[4].Success) {
        $subject.Kind = 'PimActive'
        $subject.Verb = 'Write'
    } else {
        $subject.Kind = 'Assignment'
        $subject.Verb = 'Write'
        if ($kinds.Groups[3].Value -eq 'delete') {
            $subject.Verb = 'Delete'
        }
    }
    return $subject
}
