# Writes the events of an export as one file of the export's folder, DirectoryActivityLogs.<ext>, a
# name that azdal knows. A file that was not written to its end is removed. Returns its path.
function Write-FlatFile {
    param([string] $Helper, [string] $Folder, [string] $Format, [string] $Encoding, $Cmdlet)

    $kind = @{ CSV = 'csv'; JSON = 'json'; JSONL = 'ndjson' }[$Format]
    $path = [System.IO.Path]::Combine($Folder, 'DirectoryActivityLogs.' + $Format.ToLowerInvariant())
    $culture = [System.Globalization.CultureInfo]::CurrentCulture.TextInfo
    $as = switch ($Encoding) {
        'UTF8BOM' { [System.Text.UTF8Encoding]::new($true) }
        'UTF8NoBOM' { [System.Text.UTF8Encoding]::new($false) }
        'Unicode' { [System.Text.UnicodeEncoding]::new($false, $true) }
        'BigEndianUnicode' { [System.Text.UnicodeEncoding]::new($true, $true) }
        'UTF32' { [System.Text.UTF32Encoding]::new($false, $true) }
        'BigEndianUTF32' { [System.Text.UTF32Encoding]::new($true, $true) }
        'UTF7' { [System.Text.UTF7Encoding]::new($true) }
        'ASCII' { [System.Text.Encoding]::GetEncoding(20127) }
        'ANSI' { [System.Text.Encoding]::GetEncoding($culture.ANSICodePage) }
        'OEM' { [System.Text.Encoding]::GetEncoding($culture.OEMCodePage) }
        'Default' { [System.Text.Encoding]::Default }
        default { $null }
    }
    # JSON can say every character in ASCII; CSV cannot.
    $narrow = $null -ne $as -and $as.WebName -notmatch '^utf-'
    $lost = $false
    $child = @{}
    $file = $null
    $writer = $null
    $whole = $false
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument 'cat', '--format', $kind, '--', $Folder -Cmdlet $Cmdlet -RawOutput
        $file = [System.IO.FileStream]::new($path, [System.IO.FileMode]::Create, [System.IO.FileAccess]::Write)
        if ($null -eq $as) {
            $copy = $child.Out.BaseStream.CopyToAsync($file)
            while (-not $copy.Wait($script:PollMs)) {
                $null = Read-HelperLine -Child $child -Cmdlet $Cmdlet -NoWait
            }
        } else {
            # StreamReader has taken the byte order mark off, where there was one.
            $writer = [System.IO.StreamWriter]::new($file, $as)
            $block = [char[]]::new(65536)
            while ($true) {
                $read = $child.Out.ReadAsync($block, 0, $block.Length)
                while (-not $read.Wait($script:PollMs)) {
                    $null = Read-HelperLine -Child $child -Cmdlet $Cmdlet -NoWait
                }
                if ($read.Result -eq 0) {
                    break
                }
                if ($narrow) {
                    $text = [string]::new($block, 0, $read.Result)
                    if ($Format -ne 'CSV') {
                        $text = [regex]::Replace($text, '[^\x00-\x7f]', { '\u{0:x4}' -f [int][char]$args[0].Value })
                    } elseif (-not $lost) {
                        $lost = $as.GetString($as.GetBytes($text)) -cne $text
                    }
                    $writer.Write($text)
                    continue
                }
                $writer.Write($block, 0, $read.Result)
            }
            $writer.Flush()
        }
        $file.Flush($true)
        $null = Read-HelperLine -Child $child -Cmdlet $Cmdlet
        $status = Wait-HelperExit -Child $child
        if ($status -ne 0) {
            $Cmdlet.ThrowTerminatingError((New-ExitError -Child $child -ExitCode $status -Target $path))
        }
        $file.Dispose()
        Add-ExportSum -Folder $Folder -Path $path
        $whole = $true
        if ($lost) {
            $Cmdlet.WriteWarning("${path}: -Encoding $Encoding lacks some characters of the events, which became question marks in this file. Use UTF8 or Unicode to keep them.")
        }
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $path -InnerException $_.Exception -Message (
                    "${path}: the file cannot be written: $($_.Exception.GetBaseException().Message)")))
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill
        if ($null -ne $file) {
            $file.Dispose()
            if (-not $whole) {
                [System.IO.File]::Delete($path)
            }
        }
    }
    return $path
}
