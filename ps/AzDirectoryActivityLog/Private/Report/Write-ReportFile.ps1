# The files of an export with their digests.
function Write-ReportFile {
    param($Out, $Export)

    $Out.Write("<div class=""scroll"" role=""region"" aria-label=""Files of the export"" tabindex=""0"">`n<table class=""files"">`n<thead><tr><th scope=""col"">File</th>")
    $Out.Write("<th scope=""col"" class=""right"">Bytes</th><th scope=""col"" class=""right"">Events</th><th scope=""col"">SHA-256 of the file, and of its content</th></tr></thead>`n<tbody>`n")
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    foreach ($scope in @(Get-PropertyValue $Export.Manifest 'scopes')) {
        foreach ($file in @(Get-PropertyValue $scope 'files')) {
            if ($null -eq $file) {
                continue
            }
            $content = Get-PropertyValue $file 'content'
            $Out.Write("<tr><th scope=""row"">$(ConvertTo-ReportText (Get-PropertyValue $file 'path'))</th>")
            $Out.Write("<td class=""num right"">$(([long](Get-PropertyValue $file 'bytes')).ToString('N0', $invariant))</td>")
            $Out.Write("<td class=""num right"">$(([long](Get-PropertyValue $content 'lines')).ToString('N0', $invariant))</td>")
            $Out.Write("<td><code>$(ConvertTo-ReportText (Get-PropertyValue $file 'sha256'))</code><br><code>$(ConvertTo-ReportText (Get-PropertyValue $content 'sha256'))</code></td></tr>`n")
        }
    }
    $Out.Write("</tbody>`n</table>`n</div>`n")
}
