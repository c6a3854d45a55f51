# What the holders of a story did, as stretches of a strip: each kind of operation from its first to its last one,
# the darker the more there were; where stretches lie over each other the strip is darker still.
function Get-ReportDensity {
    param($Axis, $Activity)

    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    # Kinds that began and ended alike are drawn as one.
    $stretches = [ordered]@{}
    if ($null -eq $Activity) {
        return
    }
    foreach ($one in $Activity.Rows) {
        if ($null -eq $one.FirstTime -or $null -eq $one.LastTime) {
            continue
        }
        $from = [math]::Round((Get-ReportPlace -Axis $Axis -Time $one.FirstTime), 1)
        $width = [math]::Max(0.3, [math]::Round((Get-ReportPlace -Axis $Axis -Time $one.LastTime) - $from, 1))
        $key = $from.ToString($invariant) + '|' + $width.ToString($invariant)
        if (-not $stretches.Contains($key)) { $stretches[$key] = @{ X = $from; Width = $width; Count = [long]0; First = $one.FirstTime; Last = $one.LastTime } }
        $stretches[$key].Count += $one.Count
    }
    foreach ($one in $stretches.Values) {
        $one.Shade = [math]::Round([math]::Min(0.9, 0.3 + [math]::Log10($one.Count) * 0.15), 2)
        $one
    }
}
