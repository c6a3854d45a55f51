# The command that signs in, to that tenant if one is named.
function Get-SignInCommand {
    param([AllowNull()] [string] $TenantId)

    if ([string]::IsNullOrEmpty($TenantId)) {
        return 'Connect-AzAccount'
    }
    return "Connect-AzAccount -Tenant $(ConvertTo-QuotedText $TenantId)"
}
