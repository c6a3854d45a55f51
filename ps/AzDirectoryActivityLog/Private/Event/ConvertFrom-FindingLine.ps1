# A line of `azdal scan --format ndjson` as a finding: the same names in PascalCase, all of them.
# Source: where the lines of the helper's standard input came from, when they came through a pipeline.
function ConvertFrom-FindingLine {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Finding')]
    param(
        [Parameter(Mandatory = $true)] [string] $Line,
        [AllowNull()] $Source
    )

    $json = ConvertFrom-JsonText -Text $Line
    $members = $json.PSObject.Properties
    $finding = [ordered]@{}
    foreach ($name in $script:FindingProperty) {
        $value = $members[$name]
        if ($null -ne $value) {
            $value = $value.Value
        }
        if ($script:FindingList -contains $name) {
            $value = @(foreach ($one in @($value)) {
                    if ($null -ne $one) { $one }
                })
        } elseif ($name -eq 'Time' -or $name -eq 'EndedTime') {
            $value = ConvertTo-UtcTime $value
        }
        $finding[$name] = $value
    }
    if ($null -ne $Source -and $null -ne $finding.SourceLine) {
        $origin = Find-SourceLine -Map $Source -Number $finding.SourceLine
        if ($null -ne $origin) {
            $finding.SourcePath = $origin.Path
            $finding.SourceLine = $origin.Line
            if ($null -ne $origin.Scope) {
                $finding.LogScope = $origin.Scope
            }
        }
    }
    $result = [pscustomobject]$finding
    $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
    return $result
}
