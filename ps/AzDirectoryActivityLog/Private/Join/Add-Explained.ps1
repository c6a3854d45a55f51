# Adds what one finding or event explains (New-ExplainedSet).
function Add-Explained {
    param($Set, $Subject)

    $tenant = [string]$Subject.Base.TenantId
    if ($tenant.Length -gt 0) {
        $Set.Tenants[$tenant.ToLowerInvariant()] = $tenant
    }
    $path = [string]$Subject.Base.SourcePath
    if ($path.Length -gt 0) {
        $Set.Sources[$path] = $true
    }
    if ($Subject.Kind -eq 'None' -or $Subject.Kind -eq 'Eligible' -or [string]::IsNullOrEmpty($Subject.Scope)) {
        return
    }
    $key = Get-ScopeKey $Subject.Scope
    $Set.Scopes[$key] = $Subject.Scope
    if ($Subject.Verb -ne 'Write' -or $Subject.Outcome -eq 'Failed') {
        return
    }
    if ($Subject.Kind -eq 'Assignment') {
        if (-not [string]::IsNullOrEmpty($Subject.Name)) {
            $Set.Names[$key + '|' + $Subject.Name.ToLowerInvariant()] = $true
        }
    } elseif ($null -ne $Subject.Principal) {
        $Set.Holders[$key + '|' + $Subject.Role + '|' + $Subject.Principal] = $true
    } elseif ($Subject.Kind -eq 'Elevation') {
        $Set.Holders[$key + '|' + $Subject.Role + '|' + ([string]$Subject.Base.Caller).ToLowerInvariant()] = $true
    }
}
