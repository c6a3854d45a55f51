# A length of time in words, with the two largest units that matter: "3 d 13 h", "42 s".
function ConvertTo-ReportSpan {
    [CmdletBinding()]
    [OutputType([string])]
    param([timespan] $Span)

    $parts = @(
        @{ Number = $Span.Days; Unit = 'd' }
        @{ Number = $Span.Hours; Unit = 'h' }
        @{ Number = $Span.Minutes; Unit = 'min' }
        @{ Number = $Span.Seconds; Unit = 's' }
    )
    for ($i = 0; $i -lt $parts.Count - 1; $i++) {
        if ($parts[$i].Number -ne 0) {
            $text = '{0} {1}' -f $parts[$i].Number, $parts[$i].Unit
            if ($parts[$i + 1].Number -ne 0) {
                $text += ' {0} {1}' -f $parts[$i + 1].Number, $parts[$i + 1].Unit
            }
            return $text
        }
    }
    return '{0} s' -f $Span.Seconds
}
