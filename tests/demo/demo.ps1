# The part of the demonstration that needs PowerShell: findings of an export joined with what stands
# now. Get-AzRoleAssignment and Get-AzContext are stand-ins that ask the simulator.
param([string] $Module, [string] $Azdal, [string] $Sim, [string] $Path)

$ErrorActionPreference = 'Stop'
Import-Module -Name $Module
$manifest = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText("$Path/manifest.json"))

function global:Get-AzContext {
    param([object] $DefaultProfile)

    return [pscustomobject]@{
        Account = [pscustomobject]@{ Id = $manifest.identity.name }
        Tenant = [pscustomobject]@{ Id = $manifest.identity.tenantId }
        Environment = [pscustomobject]@{ Name = 'Simulator'; ResourceManagerUrl = $manifest.endpoint }
    }
}

function global:Get-AzRoleAssignment {
    [CmdletBinding()]
    param([string] $Scope, [object] $DefaultProfile)

    $text = (& $Sim assignments --seed 7 --format az --scope $Scope) -join "`n"
    return (ConvertFrom-Json -InputObject $text)
}

$format = '{0,-16}  {1,-36}  {2,-15}  {3,-37}  {4,-36}  {5,-17}  {6}'
[string]::Format($format, 'WHEN', 'WHO', 'FROM', 'WHAT', 'TO WHOM', 'WHERE', 'STANDS')
foreach ($f in @(Find-AzPrivilegedOperation -Path $Path -AzdalPath $Azdal | Join-AzRoleAssignment)) {
    if ($f.Rule -ne 'elevate-access' -and $f.Rule -ne 'role-assignment-root') {
        continue
    }
    $what = 'gave ' + $f.RoleDefinitionName
    $whom = $f.PrincipalDisplayName
    if (-not $whom) {
        $whom = $f.PrincipalId
    }
    if ($f.Rule -eq 'elevate-access') {
        $what = 'elevated to ' + $f.RoleDefinitionName
        $whom = ''
    }
    $where = '/'
    if ($f.ScopeKind -eq 'tenantRootGroup') {
        $where = 'tenant root group'
    }
    $stands = $f.State
    if ($f.EndedTime) {
        $stands = '{0}, {1:yyyy-MM-dd} by {2}' -f $f.State, $f.EndedTime, $f.EndedBy
    }
    [string]::Format($format, $f.Time.ToString('yyyy-MM-dd HH:mm'), $f.Caller, $f.CallerIpAddress, $what, $whom, $where, $stands)
}
