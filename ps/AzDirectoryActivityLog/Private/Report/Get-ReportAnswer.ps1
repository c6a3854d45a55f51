# The report in one line: how many findings matter, and how many of the roles given still stand.
function Get-ReportAnswer {
    [CmdletBinding()]
    [OutputType([string])]
    param($Report)

    $critical = $Report.Counts[4]
    $high = $Report.Counts[3]
    if ($Report.Findings.Count -eq 0) {
        $text = 'No findings'
    } elseif ($critical -gt 0 -and $high -gt 0) {
        $text = '{0} critical and {1}' -f $critical, (ConvertTo-ReportCount $high 'high finding')
    } elseif ($critical -gt 0) {
        $text = ConvertTo-ReportCount $critical 'critical finding'
    } elseif ($high -gt 0) {
        $text = ConvertTo-ReportCount $high 'high finding'
    } else {
        $text = 'No critical or high finding, {0} below that' -f $Report.Findings.Count
    }
    if ($Report.Standing.Count -gt 0) {
        if ($Report.Joined) {
            $text += '; ' + (ConvertTo-ReportCount $Report.Standing.Count 'role still stands' 'roles still stand')
        } else {
            $text += '; ' + (ConvertTo-ReportCount $Report.Standing.Count 'role stood at export' 'roles stood at export')
        }
        if ($Report.Doubts -gt 0) {
            $text += ', {0} unknown' -f $Report.Doubts
        }
    } elseif ($Report.Doubts -gt 0) {
        $text += '; whether ' + (ConvertTo-ReportCount $Report.Doubts 'role still stands' 'roles still stand') + ' is not known'
    } elseif ($Report.Grants -gt 0) {
        $text += '; no role given still stands'
    }
    return $text + '.'
}
