# Rows of `azdal cat --format csv` as events. Only the columns that are properties are read; Claims,
# HttpRequest and Properties are read from Raw when they are first asked for (Types.ps1xml).
#
# The last cell is the event's own text, so a row ends with }" and that cell begins at the last ,"{
# of it: inside a cell a quote is always doubled.
function ConvertFrom-EventRow {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Event')]
    param($Table, [System.Collections.Generic.List[string]] $Line)

    $ordinal = [System.StringComparison]::Ordinal
    $comma = [char[]]','
    $culture = [System.Globalization.CultureInfo]::InvariantCulture
    $utc = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    $at = $Table.At
    $head = $Table.Head
    $none = [System.Management.Automation.Language.NullString]::Value
    foreach ($row in $Line) {
        if ($null -ne $Table.Pending) {
            $row = $Table.Pending + "`n" + $row
            $Table.Pending = $null
        }
        if (-not $row.EndsWith('}"', $ordinal)) {
            $Table.Pending = $row
            continue
        }
        $start = $row.LastIndexOf(',"{', $ordinal)
        $raw = $row.Substring($start + 2, $row.Length - $start - 3).Replace('""', '"')
        $text = $row.Substring(0, $start)

        # Cells without quotes are cut at commas; a regular expression reads the others.
        $cell = $text.Split($comma, $head + 1)
        $quote = $text.IndexOf('"', $ordinal)
        $end3 = $text.LastIndexOf([char]',', $text.Length - 1)
        $end2 = $text.LastIndexOf([char]',', $end3 - 1)
        $end1 = $text.LastIndexOf([char]',', $end2 - 1)
        $plainHead = $quote -lt 0 -or ($cell.Length -gt $head -and $quote -ge $text.Length - $cell[$head].Length)
        $plainTail = $quote -lt 0 -or $text.IndexOf('"', $end1, $ordinal) -lt 0
        if ($plainHead -and $plainTail) {
            $scope = $text.Substring($end1 + 1, $end2 - $end1 - 1)
            $path = $text.Substring($end2 + 1, $end3 - $end2 - 1)
            $number = $text.Substring($end3 + 1)
        } else {
            $cell = [string[]]@(foreach ($match in $Table.Cell.Matches($text)) {
                    if ($match.Groups[1].Success) {
                        $match.Groups[1].Value.Replace('""', '"')
                    } else {
                        $match.Groups[2].Value
                    }
                })
            $scope = $cell[$Table.Columns - 4]
            $path = $cell[$Table.Columns - 3]
            $number = $cell[$Table.Columns - 2]
        }
        # A ' in front of what a spreadsheet would calculate is the CSV's, unless the event has it too.
        if ($text.IndexOf("'", $ordinal) -ge 0) {
            for ($i = 0; $i -lt $cell.Length; $i++) {
                if ($cell[$i].Length -gt 1 -and $cell[$i][0] -eq "'" -and "=+-@`t`r".IndexOf($cell[$i][1]) -ge 0 -and
                    $raw.IndexOf('"' + $cell[$i].Substring(0, 2), $ordinal) -lt 0) {
                    $cell[$i] = $cell[$i].Substring(1)
                }
            }
            if ($path.Length -gt 1 -and $path[0] -eq "'" -and '=+-@'.IndexOf($path[1]) -ge 0) {
                $path = $path.Substring(1)
            }
        }
        $i = [array]::IndexOf($cell, '')
        while ($i -ge 0 -and $i -lt $head) {
            $cell[$i] = $none
            $i = [array]::IndexOf($cell, '', $i + 1)
        }
        if ($scope.Length -eq 0) {
            $scope = $null
        }
        # One string for all events of a file.
        if ($path -ceq $Table.Path) {
            $path = $Table.Path
        } else {
            $Table.Path = $path
        }
        # azdal prints times as ISO 8601 in UTC, but for those that it cannot read.
        $time = [datetime]::MinValue
        $eventTime = $null
        if ([datetime]::TryParse($cell[$at['EventTimestamp']], $culture, $utc, [ref]$time)) {
            $eventTime = $time
        }
        $submitted = $null
        if ([datetime]::TryParse($cell[$at['SubmissionTimestamp']], $culture, $utc, [ref]$time)) {
            $submitted = $time
        }
        $result = [pscustomobject]@{
            PSTypeName           = 'AzDirectoryActivityLog.Event'
            Authorization        = [pscustomobject]@{
                Action = $cell[$at['Authorization.Action']]
                Role   = $cell[$at['Authorization.Role']]
                Scope  = $cell[$at['Authorization.Scope']]
            }
            Caller               = $cell[$at['Caller']]
            CorrelationId        = $cell[$at['CorrelationId']]
            Description          = $cell[$at['Description']]
            EventDataId          = $cell[$at['EventDataId']]
            EventName            = $cell[$at['EventName']]
            Category             = $cell[$at['Category']]
            EventTimestamp       = $eventTime
            Id                   = $cell[$at['Id']]
            Level                = $cell[$at['Level']]
            OperationId          = $cell[$at['OperationId']]
            OperationName        = $cell[$at['OperationName']]
            ResourceGroupName    = $cell[$at['ResourceGroupName']]
            ResourceProviderName = $cell[$at['ResourceProviderName']]
            ResourceId           = $cell[$at['ResourceId']]
            Status               = $cell[$at['Status']]
            SubmissionTimestamp  = $submitted
            SubscriptionId       = $cell[$at['SubscriptionId']]
            SubStatus            = $cell[$at['SubStatus']]
            ResourceType         = $cell[$at['ResourceType']]
            TenantId             = $cell[$at['TenantId']]
            Channels             = $cell[$at['Channels']]
            LogScope             = $scope
            SourcePath           = $path
            SourceLine           = [long]$number
            Raw                  = $raw
        }
        if ($Table.Detailed) {
            $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Event.Detailed')
        }
        $result
    }
}
