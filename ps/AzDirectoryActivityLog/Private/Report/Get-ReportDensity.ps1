# What the holders of a story did, as columns of a histogram below its grants, which stand on Bottom: the operations
# in each part of the time axis, the higher the more, on a logarithmic scale.
function Get-ReportDensity {
    param($Axis, $Activity, [double] $Bottom)

    if ($null -eq $Activity) {
        return
    }
    $counts = [double[]]::new($script:ReportDensityParts)
    $length = ($Axis.To - $Axis.From).Ticks / $counts.Length
    foreach ($row in $Activity.Rows) {
        $bins = @(foreach ($text in $row.TimeBins) {
                $bin = [regex]::Match([string]$text, '^(\S+)/(\S+) (\d{1,15})\z')
                $from = ConvertTo-UtcTime $bin.Groups[1].Value
                $to = ConvertTo-UtcTime $bin.Groups[2].Value
                if ($null -ne $from -and $null -ne $to) { @{ From = $from; To = $to; Count = [long]$bin.Groups[3].Value } }
            })
        if ($bins.Length -eq 0 -and $null -ne $row.FirstTime -and $null -ne $row.LastTime) {
            # A row that does not say: as if they had come evenly.
            $bins = @(@{ From = $row.FirstTime; To = $row.LastTime; Count = $row.Count })
        }
        foreach ($bin in $bins) {
            $first = [math]::Max(0, [math]::Min($counts.Length - 1, [math]::Floor(($bin.From - $Axis.From).Ticks / $length)))
            $last = [math]::Max($first, [math]::Min($counts.Length - 1, [math]::Floor((($bin.To - $Axis.From).Ticks - 1) / $length)))
            $share = $bin.Count / ($last - $first + 1)
            for ($i = $first; $i -le $last; $i++) {
                # Whole numbers that add up to what they are parts of.
                $counts[$i] += [math]::Round($share * ($i - $first + 1)) - [math]::Round($share * ($i - $first))
            }
        }
    }
    $most = 1.0
    foreach ($count in $counts) { $most = [math]::Max($most, $count) }
    for ($i = 0; $i -lt $counts.Length; $i++) {
        if ($counts[$i] -eq 0) { continue }
        $height = [math]::Round([math]::Max(2, $script:ReportDensityHeight * [math]::Log(1 + $counts[$i]) / [math]::Log(1 + $most)), 1)
        @{
            X = [math]::Round(100.0 * $i / $counts.Length, 2); Width = [math]::Round(100.0 / $counts.Length, 2); Y = $Bottom - $height; Height = $height
            From = $Axis.From.AddTicks([long]($i * $length)); To = $Axis.From.AddTicks([long](($i + 1) * $length)); Count = [long]$counts[$i]
        }
    }
}
