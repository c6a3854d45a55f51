# What an export knows that its findings do not: its role assignments, when those of which scope were read
# (Read, by scope key), and from when until when it has events. Read once for each export; null where there is none.
function Get-ExportContext {
    param($Store, [AllowNull()] [string] $SourcePath)

    $folder = Find-ExportFolder -Path $SourcePath
    if ($null -eq $folder) {
        return $null
    }
    if ($Store.Exports.ContainsKey($folder)) {
        return $Store.Exports[$folder]
    }
    $context = $null
    $manifest = Read-Manifest -Folder $folder
    if ($null -ne $manifest) {
        $context = @{ Folder = $folder; Since = $null; Until = $null; Rows = @(); Index = @{}; Read = @{}; Broken = $false }
        $context.Since = ConvertTo-UtcTime (Get-PropertyValue (Get-PropertyValue $manifest 'query') 'since')
        $context.Until = ConvertTo-UtcTime (Get-PropertyValue (Get-PropertyValue $manifest 'query') 'until')
        $kept = Get-PropertyValue $manifest 'roleAssignments'
        $now = ConvertTo-UtcTime (Get-PropertyValue $kept 'readAt')
        foreach ($scope in @(Get-PropertyValue $kept 'scopes')) {
            # A list that could not be read again is the one of an earlier run.
            $time = ConvertTo-UtcTime (Get-PropertyValue $scope 'keptFrom')
            if ($null -eq $time -and (Get-PropertyValue $scope 'status') -eq 'complete') {
                $time = $now
            }
            if ($null -ne $time) {
                $name = [string](Get-PropertyValue $scope 'scope')
                if ($name -match '^mg:(.+)$') {
                    $name = '/providers/Microsoft.Management/managementGroups/' + $Matches[1]
                }
                $context.Read[(Get-ScopeKey $name)] = $time
            }
        }
        $file = Get-PropertyValue $kept 'file'
        if (-not [string]::IsNullOrEmpty($file)) {
            try {
                $context.Rows = @(Read-AssignmentFile -Path ([System.IO.Path]::Combine($folder, [string]$file)) -Sha256 (Get-PropertyValue $kept 'sha256'))
                $context.Index = New-RowIndex $context.Rows
                Add-PrincipalName -Store $Store -Row $context.Rows
            } catch [System.Management.Automation.PipelineStoppedException] {
                throw
            } catch {
                # Without the file as it was written nothing is known, and nothing is called removed.
                $context.Read = @{}
                $context.Broken = $true
            }
        }
    }
    $Store.Exports[$folder] = $context
    return $context
}
