# What the cases lean on: stand-ins for Az, the simulator, programs that stand in for azdal, folders that
# are removed. Each Describe calls Reset-Az before each case and Clear-Test behind it.

$ErrorActionPreference = 'Stop'
$global:ErrorActionPreference = 'Stop'
$global:TestRoot = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..'))
$global:TestFolder = $null
$global:TestSims = [System.Collections.Generic.List[object]]::new()
$global:Module = [System.IO.Path]::Combine($TestRoot, 'ps', 'AzDirectoryActivityLog', 'AzDirectoryActivityLog.psd1')
$global:Azdal = $env:AZDAL
if (-not $Azdal) { $global:Azdal = [System.IO.Path]::Combine($TestRoot, 'build', 'azdal') }
$global:Sim = $env:SIM
if (-not $Sim) { $global:Sim = [System.IO.Path]::Combine($TestRoot, 'build', 'sim') }
$global:Group = '/providers/Microsoft.Management/managementGroups/mg-one'

Import-Module -Name $Module -Global
# Events that are joined are read by the azdal of the test.
$global:PSDefaultParameterValues['Join-AzRoleAssignment:AzdalPath'] = $Azdal

# Behind each case: ends what it started and removes its folder.
function Clear-Test {
    foreach ($sim in $TestSims) {
        $sim.StandardInput.Close()
        if (-not $sim.WaitForExit(5000)) { $sim.Kill() }
        $sim.Dispose()
    }
    $TestSims.Clear()
    if ($null -ne $TestFolder -and [System.IO.Directory]::Exists($TestFolder)) {
        [System.IO.Directory]::Delete($TestFolder, $true)
    }
    $global:TestFolder = $null
}

# Runs the body, which must end with a terminating error of that id; returns the record.
function Assert-Fails {
    param([string] $Id, [scriptblock] $Body)

    try {
        $null = & $Body
    } catch {
        ($_.FullyQualifiedErrorId -split ',')[0] | Should -BeExactly $Id -Because "$($_.Exception.Message)`n$($_.ScriptStackTrace)"
        return $_
    }
    throw "expected error $Id, got none"
}

# A folder of the test's own, removed behind it.
function New-Folder {
    if ($null -eq $global:TestFolder) {
        $global:TestFolder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'azdal-ps-' + [guid]::NewGuid().ToString('N'))
        $null = [System.IO.Directory]::CreateDirectory($global:TestFolder)
    }
    return $global:TestFolder
}

function New-File {
    param([string] $Name, [string] $Text)

    $path = [System.IO.Path]::Combine((New-Folder), $Name)
    [System.IO.File]::WriteAllText($path, $Text)
    return $path
}

# A program that is a shell script, to stand in for azdal. In it $folder is its last argument, as the system
# that runs it writes it.
function New-Program {
    param([string] $Text, [string] $Name = 'fake')

    # Where programs are those of Windows, one of them stands for the script, and runs it.
    if ($env:RELAY) {
        $Name += '.exe'
        [System.IO.File]::Copy($env:RELAY, [System.IO.Path]::Combine((New-Folder), $Name), $true)
    }
    $path = New-File "$Name$(if ($env:RELAY) { '.sh' })" ("#!/bin/sh`nif [ `"`$1`" = --version ]; then echo 'azdal 0.1.0'; exit 0; fi`nfor folder; do :; done; folder=`"`${RELAY_LAST-`$folder}`"`n" + $Text.Replace("`r", '') + "`n")
    if ($env:RELAY) { return $path -replace '\.sh$' }
    [System.IO.File]::SetUnixFileMode($path, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
    return $path
}

# Runs a program to its end and returns its output, one string.
function Invoke-Program {
    param([string] $Path, [string[]] $Argument)

    $start = [System.Diagnostics.ProcessStartInfo]::new($Path)
    foreach ($one in $Argument) { if ($null -ne $one) { $start.ArgumentList.Add($one) } }
    $start.RedirectStandardOutput = $true
    $start.StandardOutputEncoding = [System.Text.UTF8Encoding]::new($false)
    $process = [System.Diagnostics.Process]::Start($start)
    $text = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    if ($process.ExitCode -ne 0) { throw "$Path $Argument ended with $($process.ExitCode)" }
    return $text
}

# Starts the simulator and returns its URL; it ends with the test.
function Start-Sim {
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

function New-Token {
    param([string[]] $Argument)

    return (Invoke-Program $global:Sim (@('token') + @($Argument | Where-Object { $_ }))).Trim()
}

# The module is found by its name, and azdal on the PATH, where wine cannot look as PowerShell does.
function Set-UserPath {
    if ($env:RELAY) { $global:PSDefaultParameterValues['*-Az*:AzdalPath'] = $Azdal }
    $separator = [System.IO.Path]::PathSeparator
    foreach ($pair in @(@('PSModulePath', "$TestRoot/ps"), @('PATH', [System.IO.Path]::GetDirectoryName($Azdal)))) {
        $old = [System.Environment]::GetEnvironmentVariable($pair[0])
        if (-not ($old -split $separator -contains $pair[1])) {
            [System.Environment]::SetEnvironmentVariable($pair[0], $pair[1] + $separator + $old)
        }
    }
}

# Runs the body with the culture of that name.
function Use-Culture {
    param([string] $Name, [scriptblock] $Body)

    $before = [System.Globalization.CultureInfo]::CurrentCulture
    try {
        [System.Globalization.CultureInfo]::CurrentCulture = [System.Globalization.CultureInfo]::new($Name)
        & $Body
    } finally {
        [System.Globalization.CultureInfo]::CurrentCulture = $before
    }
}

function Wait-For {
    param([scriptblock] $Condition, [string] $What, [int] $Ms = 20000)

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.ElapsedMilliseconds -gt $Ms) { throw "waited in vain for: $What" }
        [System.Threading.Thread]::Sleep(5)
    }
}

# Whether a process of that id runs (a zombie does not).
function Test-Alive {
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

# Before each case: no Az, no errors.
function Reset-Az {
    $global:Error.Clear()
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
        Remove-Item "function:$name" -ErrorAction Ignore
    }
}

# Az.Accounts as it is.
function Install-AzAccounts {
    Set-Item function:global:Get-AzContext {
        [CmdletBinding()] param([object] $DefaultProfile)
        if (-not $global:Az.SignedIn) { return }
        [pscustomobject]@{
            Account = [pscustomobject]@{ Id = 'analyst@contoso.example' }
            Tenant = [pscustomobject]@{ Id = $global:Az.TenantId }
            Environment = [pscustomobject]@{ Name = 'AzureCloud'; ResourceManagerUrl = $global:Az.Manager }
            Subscription = $(if ($global:Az.Subscription) { [pscustomobject]@{ Id = $global:Az.Subscription } })
        }
    }
    Set-Item function:global:Get-AzAccessToken {
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
    }
}

# Az.Resources as it is; Kind Old has neither RoleAssignmentName nor the switch.
function Install-AzResources {
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
    Set-Item function:global:Get-AzRoleAssignment ([scriptblock]::Create($header + $body.ToString()))
}

# That hour of a day of the log.
function New-Utc {
    param([int] $Hour)

    return [datetime]::new(2026, 11, 20, $Hour, 0, 0, [System.DateTimeKind]::Utc)
}

# A row with the 13 properties of Get-AzRoleAssignment.
function New-Row {
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
function New-Finding {
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
    if ($finding.Operation -match '/elevateAccess/action$') {
        # What azdal says of every elevation.
        $finding.Scope = '/'
        $finding.RoleDefinitionId = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'
        $finding.PrincipalId = $finding.CallerObjectId
    }
    $result = [pscustomobject]$finding
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    return $result
}
