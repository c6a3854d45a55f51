# Turns what came of each scope into one answer: HasAccess, Reason, Message, Remedy.
function Set-AccessVerdict {
    param($Result, [string] $Helper, $Token, [AllowNull()] [string] $TenantId, $Cmdlet)

    $readable = 0
    $refused = 0
    $denied = [System.Collections.Generic.List[object]]::new()
    $other = $null
    foreach ($one in $Result.Scopes) {
        if ($one.HasAccess) {
            $readable++
        } elseif ($one.Reason -eq 'NotAuthorised' -or $one.Reason -eq 'NotShown') {
            $denied.Add($one)
            if ($one.Reason -eq 'NotAuthorised') { $refused++ }
        } elseif ($null -eq $other) {
            $other = $one
        }
    }
    if ($readable -eq $Result.Scopes.Count) {
        $Result.HasAccess = $true
        return
    }
    if ($null -ne $other) {
        $Result.Reason = $other.Reason
        $Result.Message = $other.Message
        $Result.Remedy = $other.Hint
        if ($other.Reason -eq 'NotSignedIn' -or $other.Reason -eq 'WrongTenant') {
            $Result.Remedy = Get-SignInCommand -TenantId $TenantId
        }
        return
    }
    $Result.Reason = 'NotAuthorised'
    if ($refused -eq 0) {
        $Result.Reason = 'NotShown'
    }
    $Result.Message = $denied[0].Message
    $subscription = [string](Get-PropertyValue (Get-PropertyValue $Token.Context 'Subscription') 'Id')
    if ($readable -gt 0) {
        $Result.Reason = 'SomeScopes'
    } elseif ($subscription.Length -gt 0) {
        # Nothing asked for can be read; tell that from an account without any right.
        $asked = @(foreach ($one in $Result.Scopes) { $one.Scope })
        if ($asked -notcontains "sub:$subscription") {
            $extra = Test-ScopeAccess -Helper $Helper -Scope "sub:$subscription" -Token $Token -Cmdlet $Cmdlet
            $Result.Scopes = @($Result.Scopes) + $extra
            if ($extra.HasAccess) {
                $Result.Reason = 'SomeScopes'
            }
        }
    }
    $Result.Remedy = @(foreach ($one in $denied) { Get-AccessRemedy -Scope $one.Scope -Result $Result }) -join [System.Environment]::NewLine
}
