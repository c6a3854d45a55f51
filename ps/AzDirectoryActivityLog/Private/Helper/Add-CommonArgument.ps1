# Adds to List what the bound parameters say.
# Except: parameters that the function handles itself.
function Add-CommonArgument {
    param($List, [System.Collections.IDictionary] $Bound, [string[]] $Except = @())

    foreach ($row in $script:ArgumentMap) {
        if (-not $Bound.ContainsKey($row.Parameter) -or $Except -contains $row.Parameter) {
            continue
        }
        $value = $Bound[$row.Parameter]
        switch ($row.Kind) {
            'Time' {
                $List.Add($row.Option)
                $List.Add((ConvertTo-TimeArgument $value))
            }
            'Text' {
                $List.Add($row.Option)
                $List.Add([string]$value)
            }
            'Lower' {
                $List.Add($row.Option)
                $List.Add(([string]$value).ToLowerInvariant())
            }
            'Flag' {
                if ($value) {
                    $List.Add($row.Option)
                }
            }
        }
    }
}
