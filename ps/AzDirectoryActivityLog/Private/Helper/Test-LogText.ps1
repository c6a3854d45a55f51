# Whether text on the pipeline is the content of a log rather than the name of a file: it begins as JSON
# does, holds a line break, or is a line of a table that is no file.
function Test-LogText {
    [CmdletBinding()]
    [OutputType([bool])]
    param([string] $Text)

    $start = $Text.TrimStart([char[]]@([char]0xFEFF, ' ', "`t", "`r", "`n"))
    if ($start.Length -eq 0) {
        return $false
    }
    # A name such as [1].json or {guid} is a name where the file is there.
    if ($Text.IndexOfAny([char[]]"`r`n") -ge 0) {
        return $true
    }
    if ($start[0] -eq '{' -or $start[0] -eq '[') {
        return -not ($start.Length -lt 260 -and ([System.IO.File]::Exists($Text) -or [System.IO.Directory]::Exists($Text))) -and
            [regex]::IsMatch($start, '^(\{\s*("|\}|\z)|\[\s*(\{|\[|\]|"|\z))')
    }
    return $start[0] -eq '"' -or ($start.IndexOfAny([char[]]",;`t") -ge 0 -and [regex]::IsMatch($start, '^[\w"]+([,;\t]"?[\w. ()]+"?){3,}'))
}
