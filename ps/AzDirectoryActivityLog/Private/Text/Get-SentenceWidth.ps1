# How wide a text is in this host that begins behind so many columns of a line, which has 80 of them at the least.
function Get-SentenceWidth {
    [CmdletBinding()]
    [OutputType([int])]
    param([int] $Indent)

    $width = 0
    try {
        $width = $Host.UI.RawUI.BufferSize.Width
    } catch {
        # A host without a screen.
        $null = $_
    }
    return [System.Math]::Max($width, 80) - $Indent
}
