# The encoding of that name of -Encoding; null for UTF8, in which azdal writes anyway.
function Get-ViewEncoding {
    param([string] $Name)

    $culture = [System.Globalization.CultureInfo]::CurrentCulture.TextInfo
    switch ($Name) {
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
    }
}
