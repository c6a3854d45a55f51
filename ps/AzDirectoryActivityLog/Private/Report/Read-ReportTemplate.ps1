# Report.html as the steps that Write-ReportPage takes; its first lines say how it is written. How a value is escaped
# is decided here, by where its slot stands: in an attribute, in a title, or in text. Nowhere else may one stand.
function Read-ReportTemplate {
    param([string] $Folder)

    $files = @{}
    foreach ($name in 'Report.html', 'Report.css', 'Report.js') {
        # A checkout may have given the files other line ends; the digests are of what the browser reads.
        $files[$name] = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($Folder, $name)).Replace("`r", '')
    }
    $text = [regex]::Replace($files['Report.html'], '(?s)\{\{!.*?\}\}\n', '')
    $text = [regex]::Replace($text, '(?m)^ +', '')
    $text = [regex]::Replace($text, '(?m)^((?:\{\{[#?^/|][^{}]*\}\})+)\n', '$1')
    $steps = [System.Collections.Generic.List[object]]::new()
    $open = [System.Collections.Generic.Stack[object]]::new()
    $near = ''
    $end = 0
    foreach ($slot in [regex]::Matches($text, '\{\{([#?^/|>@]?)([\w.]*)(?:([:=])([^{}]*))?\}\}|\z')) {
        $step = @{ Kind = $slot.Groups[1].Value; Name = $slot.Groups[2].Value; Text = $text.Substring($end, $slot.Index - $end) }
        if ($step.Text.Contains('{{')) { throw "Report.html: not a slot: $($step.Text)" }
        $end = $slot.Index + $slot.Length
        # The last element before the slot: still open, the slot stands in one of its attributes.
        $near += $step.Text
        $near = $near.Substring([math]::Max(0, $near.LastIndexOf([char]'<')))
        $inside = $near -cmatch '^<[^>]*\z'
        if ($slot.Length -eq 0) { $step.Kind = '>' }
        switch ($step.Kind) {
            '' {
                if (($inside -and $near.Split([char]'"').Length % 2 -eq 1) -or $near -cmatch '^<(style|script)') {
                    throw "Report.html: $slot stands neither in a quoted attribute nor in text"
                }
                $step.Plain = $inside -or $near -cmatch '^<title'
                $step.Format = $slot.Groups[4].Value
            }
            '>' { $step.Text += $files[$step.Name] }
            '@' {
                $hash = [System.Security.Cryptography.SHA256]::Create()
                $step.Text += [System.Convert]::ToBase64String($hash.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($files[$step.Name])))
                $hash.Dispose()
            }
            '/' {
                if ($open.Count -eq 0 -or ($step.Name -ne '' -and $step.Name -cne $open.Peek().Name)) { throw "Report.html: $slot ends nothing" }
                $step.Begin = $open.Pop()
                $step.Begin.End = $steps.Count
                if ($null -ne $step.Begin['Between']) { $step.Begin.Between.End = $steps.Count }
            }
            '|' { $open.Peek().Between = $step }
            default {
                $step.Place = $steps.Count
                $step.Equal = $null
                if ($slot.Groups[3].Success) { $step.Equal = $slot.Groups[4].Value }
                $open.Push($step)
            }
        }
        $step.Path = $step.Name.Split([char]'.')
        $steps.Add($step)
    }
    if ($open.Count -gt 0) { throw "Report.html: $($open.Peek().Name) does not end" }
    return , $steps.ToArray()
}
