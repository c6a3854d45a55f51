# Remembers what the rows of a list say about who is behind an object id.
function Add-PrincipalName {
    param($Store, $Row)

    foreach ($one in $Row) {
        if ($null -ne $one.Principal -and -not $Store.Names.ContainsKey($one.Principal) -and
            -not ([string]::IsNullOrEmpty([string]$one.DisplayName) -and [string]::IsNullOrEmpty([string]$one.SignInName))) {
            $Store.Names[$one.Principal] = $one
        }
    }
}
