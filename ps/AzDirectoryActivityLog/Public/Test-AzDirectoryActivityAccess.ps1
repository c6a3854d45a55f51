function Test-AzDirectoryActivityAccess {
    <#
    .SYNOPSIS
    Reports whether this account may read the tenant's activity log, and which right is missing if not.

    .DESCRIPTION
    Requests the newest event of each scope and reports the result. An empty answer does not prove access, because an
    account without the right gets the same: in that case the right is looked up among the account's permissions.
    Being Global Administrator is not enough: the log of the tenant needs a role assignment at
    /providers/Microsoft.Insights. Remedy is the command that grants the missing right with the least privilege, for
    somebody who is allowed to run it, or the one that signs in. This function never elevates and changes nothing.

    Reason is one of
      (none)         the log can be read
      NotSignedIn    there is no Azure context and no token
      WrongTenant    the account is signed in to another tenant than -TenantId
      NotAuthorised  the account may read none of the scopes
      SomeScopes     the account may read some of the scopes, or its subscription's log alone
      NotShown       the log answered without any event, which is also what an account without the right gets, and
                     the account's permissions could not be looked up
      Usage, Refused, Network, LocalIO, Untrusted, Internal  the question could not be asked or answered; see Message

    .PARAMETER Scope
    Whose logs: tenant (default), mg:ID or sub:ID.

    .PARAMETER TenantId
    The tenant that should be read.

    .PARAMETER Quiet
    Returns only true or false.

    .PARAMETER AzdalPath
    The helper program azdal. Default: the one in the module's bin folder, else the one on the PATH.

    .PARAMETER Endpoint
    Another Azure Resource Manager endpoint. Default: that of the Azure context, else the public cloud's.

    .PARAMETER AccessToken
    A bearer token for Azure Resource Manager: a SecureString, a string, or the object that Get-AzAccessToken or
    az account get-access-token gives. Default: one from
    Get-AzAccessToken.

    .PARAMETER TokenCommand
    A command whose output is a bearer token, such as: az account get-access-token --query accessToken -o tsv

    .PARAMETER DefaultProfile
    The Azure context to use in place of the current one.

    .EXAMPLE
    Test-AzDirectoryActivityAccess

    Says whether the tenant's log can be read, and if not, why.

    .EXAMPLE
    if (-not (Test-AzDirectoryActivityAccess -Quiet)) { (Test-AzDirectoryActivityAccess).Remedy }

    Prints the command that grants the missing right, for somebody who may run it.

    .INPUTS
    None. Nothing is read from the pipeline.

    .OUTPUTS
    AzDirectoryActivityLog.AccessResult, or Boolean with -Quiet.

    .LINK
    about_AzDirectoryActivityLog
    #>
    [CmdletBinding(HelpUri = 'https://azdal.example/help/Test-AzDirectoryActivityAccess')]
    [OutputType('AzDirectoryActivityLog.AccessResult', [bool])]
    param(
        [Parameter(Position = 0)]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ param($Command, $Parameter, $Word) foreach ($m in @(Get-Module -Name AzDirectoryActivityLog -All)) { return $m.Invoke({ Get-CompletionWord -Kind 'LogScope' -Word $args[0] }, $Word) } })]
        [string[]] $Scope = @('tenant'),

        [ValidateNotNullOrEmpty()]
        [string] $TenantId,

        [switch] $Quiet,

        [string] $AzdalPath,

        [string] $Endpoint,

        [object] $AccessToken,

        [string] $TokenCommand,

        [Alias('AzContext', 'AzureRmContext', 'AzureCredential')]
        [object] $DefaultProfile
    )

    begin {
        foreach ($one in Get-CallerPreference -Cmdlet $PSCmdlet) { $ExecutionContext.SessionState.PSVariable.Set($one.Name, $one.Value) }
        Clear-HelperProcess
    }

    end {
        $asked = @(foreach ($one in $Scope) { ConvertTo-ScopeArgument $one -Single -Cmdlet $PSCmdlet })
        $result = [pscustomobject]@{
            HasAccess  = $false
            Reason     = $null
            Remedy     = $null
            Message    = $null
            TenantId   = $null
            Account    = $null
            ObjectId   = $null
            Scopes     = @()
        }
        $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.AccessResult')
        $token = New-TokenSource -Cmdlet $PSCmdlet -AccessToken $AccessToken -TokenCommand $TokenCommand -Endpoint $Endpoint -DefaultProfile $DefaultProfile -Lenient
        $helper = $null
        if ($null -eq $token.Problem) {
            $helper = Resolve-HelperPath -AzdalPath $AzdalPath -Cmdlet $PSCmdlet
            $result.TenantId = $token.TenantId
            $result.Account = [string](Get-PropertyValue (Get-PropertyValue $token.Context 'Account') 'Id')
            Read-TokenIdentity -Source $token -Result $result -Cmdlet $PSCmdlet
        }
        if ($null -ne $token.Problem) {
            $result.Reason = 'NotSignedIn'
            $result.Message = [string]$token.Problem.Exception.Data['Message']
            $result.Remedy = Get-SignInCommand -TenantId $TenantId
        } elseif ($PSBoundParameters.ContainsKey('TenantId') -and -not [string]::IsNullOrEmpty($result.TenantId) -and
            $result.TenantId -ne $TenantId) {
            $result.Reason = 'WrongTenant'
            $result.Message = "the account is signed in to tenant $($result.TenantId), not $TenantId"
            $result.Remedy = Get-SignInCommand -TenantId $TenantId
        }
        if ($null -eq $result.Reason) {
            $result.Scopes = @(foreach ($one in $asked) {
                    Test-ScopeAccess -Helper $helper -Scope $one -Token $token -Cmdlet $PSCmdlet
                })
            Set-AccessVerdict -Result $result -Helper $helper -Token $token -TenantId $TenantId -Cmdlet $PSCmdlet
        }
        if ($Quiet) {
            return $result.HasAccess
        }
        return $result
    }
}
