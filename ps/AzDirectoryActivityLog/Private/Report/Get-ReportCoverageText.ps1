# What an export proves and what it does not, sentence by sentence; HTML.
function Get-ReportCoverageText {
    [CmdletBinding()]
    [OutputType([string])]
    param($Export)

    $since = ConvertTo-ReportTime $Export.Since
    $until = ConvertTo-ReportTime $Export.Until
    $many = ConvertTo-ReportCount $Export.Scopes.Count 'scope'
    $every = "in every one of $many that the export holds"
    if ($Export.Scopes.Count -eq 1) { $every = 'in the one scope that the export holds' }
    if ($Export.Complete) {
        "<b>Proven:</b> all that Azure's log had from $since to $until, $every, without a gap."
    } elseif ($Export.Lacking.Count -lt $Export.Scopes.Count) {
        "<b>Proven:</b> all that Azure's log had from $since to $until, in $($Export.Scopes.Count - $Export.Lacking.Count) of $many."
    } else {
        "<b>Proven:</b> nothing for the whole of $since to $until; see the table for what was read."
    }
    if (-not $Export.Complete) {
        '<b>Missing:</b> what the table names. The same acquisition run again, with the rights it lacked, reads what is missing.'
    }
    if ($Export.Clamped) {
        "<b>Beginning:</b> an earlier beginning was asked for; Azure keeps 90 days, so the log begins at $since. What happened before is not known."
    }
    if ($null -ne $Export.Settled -and $null -ne $Export.Until -and $Export.Settled -lt $Export.Until) {
        "<b>Settled</b> until $(ConvertTo-ReportTime $Export.Settled). Azure can show an event hours late, so one between then and $until may still be missing; the same acquisition run again brings it in."
    } elseif ($null -ne $Export.Settled) {
        "<b>Settled</b> until $(ConvertTo-ReportTime $Export.Settled): no late event can be missing."
    }
    $asked = @(Get-PropertyValue (Get-PropertyValue $Export.Manifest 'query') 'scopes')
    if ($asked.Count -eq 1 -and [string]$asked[0] -eq 'tenant') {
        '<b>Not asked for:</b> the logs of subscriptions and management groups. Roles given at a subscription are in its own log.'
    }
    $skew = [long](Get-PropertyValue $Export.Manifest 'clockSkewSeconds')
    if ([math]::Abs($skew) -ge 60) {
        "<b>Clock:</b> the machine that read the log was $([math]::Abs($skew)) s off Azure's clock; times of events are Azure's own."
    }
    $held = Get-PropertyValue $Export.Manifest 'roleAssignments'
    if ($null -ne $held) {
        $all = @(Get-PropertyValue $held 'scopes')
        $bad = @(foreach ($one in $all) {
                if ([string](Get-PropertyValue $one 'status') -ne 'complete') { ConvertTo-ReportText (Get-PropertyValue $one 'scope') }
            })
        $text = "<b>Role assignments</b> were read at $(ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $held 'readAt'))), at " + (ConvertTo-ReportCount $all.Count 'scope')
        if ($bad.Count -gt 0) { $text += '; not readable: ' + ($bad -join ', ') }
        $text + '.'
    }
}
