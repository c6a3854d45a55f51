# The command that gives an account the least right to read the log of a scope: text, never run here.
function Get-AccessRemedy {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Scope, $Result)

    $at = '/providers/Microsoft.Insights'
    $role = 'Reader'
    if ($Scope -match '^mg:(.*)$') {
        $at = '/providers/Microsoft.Management/managementGroups/' + $Matches[1]
        $role = "'Monitoring Reader'"
    } elseif ($Scope -match '^sub:(.*)$') {
        $at = '/subscriptions/' + $Matches[1]
        $role = "'Monitoring Reader'"
    }
    $who = '-ObjectId <object id of the account>'
    if (-not [string]::IsNullOrEmpty($Result.ObjectId)) {
        $who = '-ObjectId ' + (ConvertTo-QuotedText $Result.ObjectId)
    } elseif (-not [string]::IsNullOrEmpty($Result.Account) -and $Result.Account.IndexOf([char]'@') -gt 0) {
        $who = '-SignInName ' + (ConvertTo-QuotedText $Result.Account)
    }
    return "New-AzRoleAssignment $who -RoleDefinitionName $role -Scope $(ConvertTo-QuotedText $at)"
}
