# An id of a principal or role as it compares: the GUID at its end, with dashes and in small letters, because
# ids come bare, behind a path, and without dashes; without a GUID its last part, in small letters.
function Get-IdKey {
    param($Id)

    if ([string]::IsNullOrEmpty([string]$Id)) {
        return $null
    }
    $last = ([string]$Id).TrimEnd('/')
    $last = $last.Substring($last.LastIndexOf([char]'/') + 1)
    $guid = [guid]::Empty
    if ([guid]::TryParse($last, [ref]$guid)) {
        return $guid.ToString('D')
    }
    return $last.ToLowerInvariant()
}
