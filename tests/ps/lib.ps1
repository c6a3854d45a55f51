# What the cases lean on: assertions, stand-ins for Az, the simulator, folders that are removed. Only
# engine commands and .NET, so that the same scripts run in a bare runspace and in pwsh.
param([string] $Root, [string] $Only)

$ErrorActionPreference = 'Stop'
$global:TestOnly = $Only
$global:TestRoot = $Root
$global:TestFailures = [System.Collections.Generic.List[string]]::new()
$global:TestCount = 0
$global:TestFolder = $null
$global:TestSims = [System.Collections.Generic.List[object]]::new()
$global:Module = [System.IO.Path]::Combine($Root, 'ps', 'AzDirectoryActivityLog', 'AzDirectoryActivityLog.psd1')
$global:Azdal = [System.Environment]::GetEnvironmentVariable('AZDAL')
if ([string]::IsNullOrEmpty($global:Azdal)) { $global:Azdal = [System.IO.Path]::Combine($Root, 'build', 'azdal') }
$global:Sim = [System.Environment]::GetEnvironmentVariable('SIM')
if ([string]::IsNullOrEmpty($global:Sim)) { $global:Sim = [System.IO.Path]::Combine($Root, 'build', 'sim') }

Import-Module -Name $global:Module -Force -ErrorAction Stop

# One test. In pwsh all of a file's run, in the engine the one that was asked for.
function global:Test {
    param([string] $Name, [scriptblock] $Body)

    if ($global:TestOnly -and $global:TestOnly -ne $Name) {
        return
    }
    $global:TestCount++
    $Error.Clear()
    try {
        Reset-Az
        $null = & $Body
    } catch {
        $global:TestFailures.Add("${Name}: $($_.Exception.Message)`n$($_.InvocationInfo.PositionMessage)`n$($_.ScriptStackTrace)")
    } finally {
        Clear-Test
    }
}

# Ends what a test started and removes its folder.
function global:Clear-Test {
    foreach ($sim in $global:TestSims) {
        try {
            $sim.StandardInput.Close()
            if (-not $sim.WaitForExit(5000)) { $sim.Kill() }
            $sim.Dispose()
        } catch { $null = $_ }
    }
    $global:TestSims.Clear()
    if ($null -ne $global:TestFolder -and [System.IO.Directory]::Exists($global:TestFolder)) {
        [System.IO.Directory]::Delete($global:TestFolder, $true)
    }
    $global:TestFolder = $null
}

function global:Complete-Test {
    if ($global:TestCount -eq 0) {
        throw "no test was run"
    }
    if ($global:TestFailures.Count -gt 0) {
        throw ("`n" + ($global:TestFailures -join "`n`n"))
    }
}

function global:Assert-True {
    param($Condition, [string] $Why = 'not true')

    if (-not $Condition) { throw $Why }
}

function global:Assert-Equal {
    param($Expected, $Actual, [string] $Why = '')

    $e = if ($null -eq $Expected) { '<null>' } elseif ($Expected -is [array]) { $Expected -join '|' } else { [string]$Expected }
    $a = if ($null -eq $Actual) { '<null>' } elseif ($Actual -is [array]) { $Actual -join '|' } else { [string]$Actual }
    if ($e -cne $a) { throw "$Why`nexpected: $e`nactual:   $a" }
}

# Runs the body, which must end with a terminating error of that id; returns the record.
function global:Assert-Fails {
    param([string] $Id, [scriptblock] $Body)

    try {
        $null = & $Body
    } catch {
        if (($_.FullyQualifiedErrorId -split ',')[0] -ne $Id) {
            throw "expected error $Id, got $($_.FullyQualifiedErrorId): $($_.Exception.Message)`n$($_.ScriptStackTrace)"
        }
        return $_
    }
    throw "expected error $Id, got none"
}

# A folder of the test's own, removed behind it.
function global:New-Folder {
    if ($null -eq $global:TestFolder) {
        $global:TestFolder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'azdal-ps-' + [guid]::NewGuid().ToString('N'))
        $null = [System.IO.Directory]::CreateDirectory($global:TestFolder)
    }
    return $global:TestFolder
}

function global:New-File {
    param([string] $Name, [string] $Text)

    $path = [System.IO.Path]::Combine((New-Folder), $Name)
    [System.IO.File]::WriteAllText($path, $Text)
    return $path
}

# A program that is a shell script, to stand in for azdal.
function global:New-Program {
    param([string] $Text, [string] $Name = 'fake')

    $path = New-File $Name ("#!/bin/sh`nif [ `"`$1`" = --version ]; then echo 'azdal 0.1.0'; exit 0; fi`n" + $Text.Replace("`r", '') + "`n")
    [System.IO.File]::SetUnixFileMode($path, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
    return $path
}

# Runs a program to its end and returns its output, one string.
function global:Invoke-Program {
    param([string] $Path, [string[]] $Argument)

    $start = [System.Diagnostics.ProcessStartInfo]::new($Path)
    foreach ($one in $Argument) { if ($null -ne $one) { $start.ArgumentList.Add($one) } }
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $text = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    if ($process.ExitCode -ne 0) { throw "$Path $Argument ended with $($process.ExitCode)" }
    return $text
}

# Starts the simulator and returns its URL; it ends with the test.
function global:Start-Sim {
    param([string[]] $Argument)

    $start = [System.Diagnostics.ProcessStartInfo]::new($global:Sim)
    foreach ($one in $Argument) { if ($null -ne $one) { $start.ArgumentList.Add($one) } }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $global:TestSims.Add($process)
    $line = $process.StandardOutput.ReadLine()
    if ([string]::IsNullOrEmpty($line)) { throw 'the simulator did not start' }
    return (ConvertFrom-Json -InputObject $line).url
}

function global:New-Token {
    param([string[]] $Argument)

    return (Invoke-Program $global:Sim (@('token') + @($Argument | Where-Object { $_ }))).Trim()
}

function global:Wait-For {
    param([scriptblock] $Condition, [string] $What, [int] $Ms = 20000)

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.ElapsedMilliseconds -gt $Ms) { throw "waited in vain for: $What" }
        [System.Threading.Thread]::Sleep(5)
    }
}

# Whether a process of that id runs (a zombie does not).
function global:Test-Alive {
    param([int] $Id)

    $stat = "/proc/$Id/stat"
    if (-not [System.IO.File]::Exists($stat)) { return $false }
    try {
        return -not ([System.IO.File]::ReadAllText($stat) -match '^\d+ \(.*\) [ZX]')
    } catch {
        return $false
    }
}

# ---------------------------------------------------------------------------------------------------
# Stand-ins for Az. $global:Az says what they answer and counts calls.

function global:Reset-Az {
    $global:Az = @{
        TenantId = '11111111-2222-3333-4444-555555555555'
        Manager = 'https://management.azure.com/'
        Subscription = $null
        SignedIn = $true
        Token = $null           # a string, or a script block that makes one
        SecureToken = $true
        TokenCalls = [System.Collections.Generic.List[object]]::new()
        Rows = @{}              # scope key -> rows, or a script block that throws
        Calls = [System.Collections.Generic.List[string]]::new()
        Bound = [System.Collections.Generic.List[object]]::new()
    }
    foreach ($name in 'Get-AzContext', 'Get-AzAccessToken', 'Get-AzRoleAssignment') {
        if ([System.Linq.Enumerable]::Count([object[]]@(Get-Command -Name $name -CommandType Function -ErrorAction Ignore)) -gt 0) {
            $ExecutionContext.InvokeProvider.Item.Remove("function:$name", $false)
        }
    }
}

# Az.Accounts as it is.
function global:Install-AzAccounts {
    $null = $ExecutionContext.InvokeProvider.Item.Set('function:global:Get-AzContext', {
        [CmdletBinding()] param([object] $DefaultProfile)
        if (-not $global:Az.SignedIn) { return }
        [pscustomobject]@{
            Account = [pscustomobject]@{ Id = 'analyst@contoso.example' }
            Tenant = [pscustomobject]@{ Id = $global:Az.TenantId }
            Environment = [pscustomobject]@{ Name = 'AzureCloud'; ResourceManagerUrl = $global:Az.Manager }
            Subscription = $(if ($global:Az.Subscription) { [pscustomobject]@{ Id = $global:Az.Subscription } })
        }
    })
    $null = $ExecutionContext.InvokeProvider.Item.Set('function:global:Get-AzAccessToken', {
        [CmdletBinding()] param([string] $ResourceUrl, [object] $DefaultProfile)
        $global:Az.TokenCalls.Add($ResourceUrl)
        $token = $global:Az.Token
        if ($token -is [scriptblock]) { $token = & $token }
        if ($global:Az.SecureToken) {
            $secure = [System.Security.SecureString]::new()
            foreach ($c in $token.ToCharArray()) { $secure.AppendChar($c) }
            return [pscustomobject]@{ Token = $secure }
        }
        return [pscustomobject]@{ Token = $token }
    })
}

# Az.Resources as it is; Kind Old has neither RoleAssignmentName nor the switch.
function global:Install-AzResources {
    param([string] $Kind = 'New')

    $body = {
        $global:Az.Calls.Add($Scope)
        $global:Az.Bound.Add(($PSBoundParameters.Keys -join ' '))
        $answer = $global:Az.Rows[$Scope.ToLowerInvariant()]
        if ($answer -is [scriptblock]) { return (& $answer $PSCmdlet) }
        return $answer
    }
    $header = '[CmdletBinding()] param([string] $Scope, [object] $DefaultProfile, [switch] $SkipClientSideScopeValidation) '
    if ($Kind -eq 'Old') { $header = '[CmdletBinding()] param([string] $Scope) ' }
    $null = $ExecutionContext.InvokeProvider.Item.Set('function:global:Get-AzRoleAssignment', [scriptblock]::Create($header + $body.ToString()))
}

# That hour of a day of the log.
function global:New-Utc {
    param([int] $Hour)

    return [datetime]::new(2026, 11, 20, $Hour, 0, 0, [System.DateTimeKind]::Utc)
}

# A row with the 13 properties of Get-AzRoleAssignment.
function global:New-Row {
    param([string] $Name, [string] $Scope, [string] $ObjectId = 'aaaaaaaa-0000-0000-0000-000000000001',
        [string] $RoleId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', [string] $RoleName = 'Owner', [string] $DisplayName = 'Ann Example',
        [string] $SignInName = 'ann@contoso.example', [string] $ObjectType = 'User', [string] $Condition, [switch] $Old)

    $prefix = $Scope
    if ($Scope -eq '/') { $prefix = '' }
    $row = [ordered]@{}
    if (-not $Old) { $row.RoleAssignmentName = $Name }
    $row.RoleAssignmentId = "$prefix/providers/Microsoft.Authorization/roleAssignments/$Name"
    $row.Scope = $Scope
    $row.DisplayName = $DisplayName
    $row.SignInName = $SignInName
    $row.RoleDefinitionName = $RoleName
    $row.RoleDefinitionId = $RoleId
    $row.ObjectId = $ObjectId
    $row.ObjectType = $ObjectType
    $row.CanDelegate = $false
    $row.Description = $null
    $row.ConditionVersion = $null
    $row.Condition = $(if ($Condition) { $Condition })
    return [pscustomobject]$row
}

# A finding as azdal scan prints it; what is not given is null.
function global:New-Finding {
    param([hashtable] $With = @{})

    $names = 'Time Rule Severity Title Outcome Operation Caller CallerObjectId CallerAppId CallerIpAddress TenantId Scope ScopeKind ResourceId RoleAssignmentName RoleAssignmentId PrincipalId PrincipalType RoleDefinitionId RoleDefinitionName SelfAssigned EndedTime EndedBy StateAtExport StoryId CorrelationId OperationId EventDataIds Techniques Notes LogScope SourcePath SourceLine'
    $finding = [ordered]@{}
    foreach ($name in $names.Split(' ')) { $finding[$name] = $null }
    $finding.Time = (New-Utc 10)
    $finding.Rule = 'role-assignment-mg'
    $finding.Outcome = 'Succeeded'
    $finding.Operation = 'Microsoft.Authorization/roleAssignments/write'
    $finding.Caller = 'admin@contoso.example'
    $finding.TenantId = '11111111-2222-3333-4444-555555555555'
    foreach ($name in 'EventDataIds', 'Techniques', 'Notes') { $finding[$name] = @() }
    foreach ($key in $With.Keys) {
        if (-not $finding.Contains($key)) { throw "no such property: $key" }
        $finding[$key] = $With[$key]
    }
    $result = [pscustomobject]$finding
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    return $result
}

$global:Group = '/providers/Microsoft.Management/managementGroups/mg-one'
