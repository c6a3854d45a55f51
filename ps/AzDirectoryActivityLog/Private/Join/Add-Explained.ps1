# Adds what one finding or event explains (New-ExplainedSet).
function Add-Explained {
    param($Set, $Subject)

    $tenant = [string]$Subject.Finding.TenantId
    if ($tenant.Length -gt 0) {
        $Set.Tenants[$tenant.ToLowerInvariant()] = $tenant
    }
    $path = [string]$Subject.Finding.SourcePath
    if ($path.Length -gt 0) {
        $Set.Sources[$path] = $true
    }
    if ($null -eq $Subject.Kind -or $script:NoGrant.ContainsKey($Subject.Kind) -or [string]::IsNullOrEmpty($Subject.Scope)) {
        return
    }
    $key = Get-ScopeKey $Subject.Scope
    $Set.Scopes[$key] = $Subject.Scope
    if ($Subject.Kind -eq 'Removal' -or $Subject.Outcome -eq 'Failed') {
        return
    }
    if ($Subject.Kind -eq 'Assignment') {
        if (-not [string]::IsNullOrEmpty($Subject.Name)) {
            $Set.Names[$key + '|' + $Subject.Name.ToLowerInvariant()] = $true
        }
    } elseif ($null -ne $Subject.Principal) {
        $Set.Holders[$key + '|' + $Subject.Role + '|' + $Subject.Principal] = $true
    } elseif ($Subject.Kind -eq 'Elevation') {
        $Set.Holders[$key + '|' + $Subject.Role + '|' + ([string]$Subject.Finding.Caller).ToLowerInvariant()] = $true
    }
}
