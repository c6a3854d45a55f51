# Copies what a child prints, text, to a writer of another encoding. Returns whether characters were lost that
# the encoding lacks: JSON can say every character in ASCII, CSV cannot.
function Copy-HelperText {
    [CmdletBinding()]
    [OutputType([bool])]
    param($Child, [System.IO.StreamWriter] $Writer, [switch] $Json, $Cmdlet)

    $encoding = $Writer.Encoding
    $narrow = $encoding.WebName -notmatch '^utf-'
    $lost = $false
    # The reader has taken the byte order mark off, where there was one.
    $block = [char[]]::new(65536)
    while ($true) {
        $read = $Child.Out.ReadAsync($block, 0, $block.Length)
        while (-not $read.Wait($script:PollMs)) {
            $null = Read-HelperLine -Child $Child -Cmdlet $Cmdlet -NoWait
        }
        if ($read.Result -eq 0) {
            return $lost
        }
        if (-not $narrow) {
            $Writer.Write($block, 0, $read.Result)
            continue
        }
        $text = [string]::new($block, 0, $read.Result)
        if ($Json) {
            $text = [regex]::Replace($text, '[^\x00-\x7f]', { '\u{0:x4}' -f [int][char]$args[0].Value })
        } elseif (-not $lost) {
            $lost = $encoding.GetString($encoding.GetBytes($text)) -cne $text
        }
        $Writer.Write($text)
    }
}
