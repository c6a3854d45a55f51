# The GUID at the end of an id, with dashes and in small letters: ids of roles come bare, behind a
# path, and without dashes. An id without a GUID comes back as its last part, in small letters.
function Get-GuidText {
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
