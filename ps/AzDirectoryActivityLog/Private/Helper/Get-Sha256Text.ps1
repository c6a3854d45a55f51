# The SHA-256 of a file, or of bytes that were read from one, in small letters.
function Get-Sha256Text {
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $Path, [byte[]] $Byte)

    $hash = [System.Security.Cryptography.SHA256]::Create()
    $file = $null
    try {
        if ($Path) {
            $file = [System.IO.File]::OpenRead($Path)
            $digest = $hash.ComputeHash($file)
        } else {
            $digest = $hash.ComputeHash($Byte)
        }
        return [System.BitConverter]::ToString($digest).Replace('-', '').ToLowerInvariant()
    } finally {
        if ($null -ne $file) { $file.Dispose() }
        $hash.Dispose()
    }
}
