# The commands that take back what stands, to be read and copied.
function Write-ReportRemedy {
    param($Out, $Report)

    $commands = [System.Collections.Generic.List[string]]::new()
    foreach ($one in $Report.Standing) {
        $text = [string]$one.Value['Remedy']
        if ($text.Length -gt 0 -and -not $commands.Contains($text)) { $commands.Add($text) }
    }
    if ($commands.Count -eq 0) {
        return
    }
    $Out.Write("<h2 id=""undo"">To undo</h2>`n<p class=""note"">Each removes one of the roles above. Read it before you run it; nothing was run.</p>`n<ul class=""plain undo"">`n")
    foreach ($text in $commands) {
        $Out.Write("<li><code>$(ConvertTo-ReportText $text)</code></li>`n")
    }
    $Out.Write("</ul>`n")
}
