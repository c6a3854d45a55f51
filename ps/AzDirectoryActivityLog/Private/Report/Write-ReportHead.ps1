# The head of the page. The policy lets in the page's own style and script, by their digests, and
# nothing else: no request leaves the page, whatever stands in it.
function Write-ReportHead {
    param($Out, $Report, [string] $Style, [string] $Script)

    $digests = foreach ($text in $Style, $Script) {
        $hash = [System.Security.Cryptography.SHA256]::Create()
        try {
            [System.Convert]::ToBase64String($hash.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text)))
        } finally {
            $hash.Dispose()
        }
    }
    $title = ConvertTo-ReportText $Report.Title -Plain
    $Out.Write("<!DOCTYPE html>`n<html lang=""en"">`n<head>`n<meta charset=""utf-8"">`n")
    $Out.Write("<meta http-equiv=""Content-Security-Policy"" content=""default-src 'none'; style-src 'sha256-$($digests[0])'; ")
    $Out.Write("script-src 'sha256-$($digests[1])'; base-uri 'none'; form-action 'none'"">`n")
    $Out.Write("<meta name=""viewport"" content=""width=device-width, initial-scale=1"">`n")
    $Out.Write("<meta name=""color-scheme"" content=""light dark"">`n<meta name=""referrer"" content=""no-referrer"">`n")
    $Out.Write("<meta name=""generator"" content=""AzDirectoryActivityLog $($Report.Version)"">`n")
    $Out.Write("<title>$title</title>`n<style>$Style</style>`n</head>`n<body>`n")
}
