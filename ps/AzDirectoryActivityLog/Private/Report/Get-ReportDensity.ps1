# What the holders of a story did, as a strip: each kind of operation is a stretch from its first to its last
# one, the darker the more there were; where stretches lie over each other the strip is darker still. SVG.
function Get-ReportDensity {
    [CmdletBinding()]
    [OutputType([string])]
    param($Axis, $Activity, [double] $Y)

    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    # Kinds that began and ended alike are drawn as one.
    $stretches = [ordered]@{}
    foreach ($one in $Activity) {
        $count = [long](Get-PropertyValue $one 'Count')
        $first = ConvertTo-UtcTime (Get-PropertyValue $one 'FirstTime')
        $last = ConvertTo-UtcTime (Get-PropertyValue $one 'LastTime')
        if ($count -eq 0 -or $null -eq $first -or $null -eq $last) {
            continue
        }
        $from = [math]::Round((Get-ReportPlace -Axis $Axis -Time $first), 1)
        $key = $from.ToString($invariant) + '|' + [math]::Max(0.3, [math]::Round((Get-ReportPlace -Axis $Axis -Time $last) - $from, 1)).ToString($invariant)
        if (-not $stretches.Contains($key)) { $stretches[$key] = @{ Count = [long]0; First = $first; Last = $last } }
        $stretches[$key].Count += $count
    }
    $out = [System.Text.StringBuilder]::new()
    foreach ($key in $stretches.Keys) {
        $one = $stretches[$key]
        $place = $key.Split('|')
        $shade = [math]::Round([math]::Min(0.9, 0.3 + [math]::Log10($one.Count) * 0.15), 2).ToString($invariant)
        $tip = "$(ConvertTo-ReportTime $one.First) to $(ConvertTo-ReportTime $one.Last): $(ConvertTo-ReportCount $one.Count 'operation')"
        $null = $out.Append("<rect class=""did"" x=""$($place[0])%"" width=""$($place[1])%"" y=""$Y"" height=""$($script:ReportDensityHeight)"" fill-opacity=""$shade""><title>$tip</title></rect>")
    }
    return $out.ToString()
}
