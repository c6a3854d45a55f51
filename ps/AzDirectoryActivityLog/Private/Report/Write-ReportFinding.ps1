# The table of findings. Each has a line and, below it, its evidence; the script folds the evidence
# away on screen, and without the script and on paper all of it is there.
function Write-ReportFinding {
    param($Out, $Report)

    $Out.Write("<section aria-labelledby=""findings"">`n<h2 id=""findings"" tabindex=""-1"">Findings</h2>`n")
    if ($Report.Findings.Count -eq 0) {
        $Out.Write("<p>No privileged operation was found in what was searched.</p>`n</section>`n")
        return
    }
    $Out.Write("<form id=""filter"" class=""filter"" hidden>`n")
    $Out.Write("<label>Search <input type=""search"" id=""q"" autocomplete=""off"" spellcheck=""false""></label>`n")
    foreach ($one in @('severity', 'Severity'), @('rule', 'Rule'), @('caller', 'Caller'), @('state', 'State')) {
        $Out.Write("<label>$($one[1]) <select id=""by-$($one[0])""><option value="""">All</option></select></label>`n")
    }
    $Out.Write("<span class=""buttons""><button type=""reset"">Clear</button> <button type=""button"" id=""all"">Open all evidence</button></span>`n")
    $Out.Write("</form>`n<p id=""shown"" class=""note"" role=""status""></p>`n")
    $Out.Write("<div class=""scroll"" role=""region"" aria-labelledby=""findings"" tabindex=""0"">`n<table id=""table"" class=""findings"">`n")
    $Out.Write("<caption class=""vh"">Findings, the most severe first. Times are UTC. The evidence of each stands below its line.</caption>`n<colgroup>$('<col>' * 6)</colgroup>`n<thead><tr>")
    foreach ($one in 'Severity', 'Time (UTC)', 'Finding', 'Caller', 'Principal and role', 'State') {
        $sort = ''
        if ($one -eq 'Severity') { $sort = ' aria-sort="descending"' }
        $Out.Write("<th scope=""col""$sort>$one</th>")
    }
    $Out.Write("</tr></thead>`n")
    foreach ($one in $Report.Findings) {
        Write-ReportRow -Out $Out -Finding $one
    }
    $Out.Write("</table>`n</div>`n<p id=""none"" class=""note"" hidden>No finding matches the filter.</p>`n</section>`n")
}
