# Lines of `azdal scan --format ndjson` (or records) as findings, of `azdal trace --format ndjson` as
# privileged activity: the same names in PascalCase, all of them. A list of lines is read at once, because
# a call costs more than a line.
#   Type    Finding or PrivilegedActivity
#   Source  where the lines of the helper's standard input came from, when they came through a pipeline
#   Filter  what lets findings through (New-FindingFilter)
function ConvertFrom-HelperObject {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [System.Collections.Generic.List[string]] $Line,
        [Parameter(Mandatory = $true)] [string] $Type,
        [AllowNull()] $Source,
        [AllowNull()] $Filter
    )

    begin {
        $names = $script:ObjectProperty[$Type]
        $lists = @(foreach ($name in $names) { if ($script:ListProperty -contains $name) { $name } })
        $times = @(foreach ($name in $names) { if ($script:TimeProperty -contains $name) { $name } })
        $keys = @(foreach ($name in $names) { @{ From = '"' + $name.Substring(0, 1).ToLowerInvariant() + $name.Substring(1) + '":'; To = '"' + $name + '":' } })
    }

    process {
        # Names become PascalCase here and not on each object, which would have to be copied. What stands in quotes before
        # a colon is a key: quotes inside texts have a backslash in front.
        $text = [System.Text.StringBuilder]::new('[' + [string]::Join(',', $Line) + ']')
        foreach ($key in $keys) {
            $null = $text.Replace($key.From, $key.To)
        }
        $lacking = $null
        foreach ($row in ConvertFrom-JsonText -Text $text.ToString()) {
            if ($null -eq $lacking) {
                # What a helper of another version does not print it prints in no line.
                $lacking = @(foreach ($name in $names) { if ($null -eq $row.PSObject.Properties[$name]) { $name } })
            }
            foreach ($name in $lacking) {
                $row.PSObject.Properties.Add([psnoteproperty]::new($name, $null))
            }
            foreach ($name in $lists) {
                if ($null -eq $row.$name) { $row.$name = @() }
            }
            foreach ($name in $times) {
                if ($null -ne $row.$name) { $row.$name = ConvertTo-UtcTime $row.$name }
            }
            if ($null -ne $Source -and $null -ne $row.SourceLine) {
                $origin = Find-SourceLine -Map $Source -Number $row.SourceLine
                if ($null -ne $origin) {
                    $row.SourcePath = $origin.Path
                    $row.SourceLine = $origin.Line
                    if ($null -ne $origin.Scope) {
                        $row.LogScope = $origin.Scope
                    }
                }
            }
            if ($null -eq $Filter -or (Test-FindingFilter -Filter $Filter -Finding $row)) {
                $row.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.' + $Type)
                if ($Type -eq 'Finding' -and $row.Caller) { $null = $script:FoundCaller.Add($row.Caller) }
                $row
            }
        }
    }
}
