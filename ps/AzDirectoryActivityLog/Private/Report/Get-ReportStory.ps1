# The stories, in the order of their most severe findings: what scan links, and what trace has of it.
function Get-ReportStory {
    param($Finding, $Activity)

    $stories = [ordered]@{}
    $rows = [ordered]@{}
    # A grant that scan links with no other finding may have a story all the same: what its holder did.
    $begun = @{}
    foreach ($one in $Activity) {
        $id = [string](Get-PropertyValue $one 'StoryId')
        if (-not $rows.Contains($id)) {
            $rows[$id] = [System.Collections.Generic.List[object]]::new()
            $begun['{0}|{1}' -f (ConvertTo-ReportTime (ConvertTo-UtcTime (Get-PropertyValue $one 'GrantTime')) -Full), (Get-PropertyValue $one 'Holder')] = $id
        }
        $rows[$id].Add($one)
    }
    foreach ($one in $Finding) {
        if ($one.Story.Length -eq 0 -and $one.Grant) {
            $one.Story = [string]$begun['{0}|{1}' -f (ConvertTo-ReportTime $one.Time -Full), $one.Value['PrincipalId']]
        }
        if ($one.Story.Length -gt 0) {
            if (-not $stories.Contains($one.Story)) { $stories[$one.Story] = [System.Collections.Generic.List[object]]::new() }
            $stories[$one.Story].Add($one)
        }
    }
    foreach ($id in $rows.Keys) {
        if (-not $stories.Contains($id)) { $stories[$id] = @() }
    }
    $number = 0
    foreach ($id in $stories.Keys) {
        $number++
        New-ReportStory -Id $id -Finding $stories[$id] -Rows $rows[$id] -Number $number
    }
}
