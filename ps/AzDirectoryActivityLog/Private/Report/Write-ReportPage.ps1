# Writes the page: the steps of its template with a model's values. No markup is made anywhere else, and no value
# gets into the page but through ConvertTo-ReportText.
function Write-ReportPage {
    param($Out, $Template, $Model)

    $frames = [System.Collections.Generic.List[object]]::new()
    $frames.Add(@{ Item = $Model })
    for ($at = 0; $at -lt $Template.Length; $at++) {
        $step = $Template[$at]
        $kind = $step.Kind
        $Out.Write($step.Text)
        if ($kind -eq '>' -or $kind -eq '@') {
            continue
        }
        $frame = $frames[$frames.Count - 1]
        if ($kind -eq '/') {
            if ($step.Begin.Kind -ne '#') {
                continue
            }
            $frame.At++
            if ($frame.At -lt $frame.Items.Count) {
                $frame.Item = $frame.Items[$frame.At]
                $at = $step.Begin.Place
            } else {
                $frames.RemoveAt($frames.Count - 1)
            }
            continue
        }
        if ($kind -eq '|') {
            if ($frame.At + 1 -eq $frame.Items.Count) {
                $frames.RemoveAt($frames.Count - 1)
                $at = $step.End
            }
            continue
        }
        $value = $frame.Item
        if ($step.Name -ne '.') {
            # The innermost item that has it; a name that none has is a mistake in the template or in the model.
            $name = $step.Path[0]
            $i = $frames.Count - 1
            while (-not ($frames[$i].Item -is [hashtable] -and $frames[$i].Item.ContainsKey($name))) {
                if (--$i -lt 0) { throw "Report.html: there is no $name" }
            }
            $value = $frames[$i].Item[$name]
            for ($i = 1; $i -lt $step.Path.Length -and $null -ne $value; $i++) {
                if ($value -is [hashtable]) { $value = $value[$step.Path[$i]] } else { $value = $value.($step.Path[$i]) }
            }
        }
        if ($kind -eq '') {
            # Most values are plain text; asking here saves a call for each.
            if ($value -is [string] -and $script:ReportSafe.IsMatch($value)) {
                $Out.Write($value)
            } else {
                $Out.Write((ConvertTo-ReportText $value -Format $step.Format -Plain:$step.Plain))
            }
            continue
        }
        if ($null -ne $step.Equal) { $value = [string]$value -eq $step.Equal }
        if ($kind -eq '#') {
            $items = @($value)
            if ($null -eq $value -or $items.Count -eq 0) { $at = $step.End } else { $frames.Add(@{ Items = $items; At = 0; Item = $items[0] }) }
        } elseif ([bool]$value -ne ($kind -eq '?')) {
            $at = $step.End
        }
    }
}
