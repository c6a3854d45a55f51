# Parameters and the options of azdal that they become: the one table of it.
#   Time    a [datetime], as UTC text      Text    as it is
#   Lower   in small letters               Flag    without a value, when set
$script:ArgumentMap = @(
    @{ Parameter = 'StartTime'; Option = '--since'; Kind = 'Time' }
    @{ Parameter = 'EndTime'; Option = '--until'; Kind = 'Time' }
    @{ Parameter = 'Operation'; Option = '--operation'; Kind = 'Text' }
    @{ Parameter = 'Caller'; Option = '--caller'; Kind = 'Text' }
    @{ Parameter = 'MinimumSeverity'; Option = '--min-severity'; Kind = 'Lower' }
    @{ Parameter = 'Connection'; Option = '--connections'; Kind = 'Text' }
    @{ Parameter = 'Level'; Option = '--level'; Kind = 'Text' }
    @{ Parameter = 'Split'; Option = '--split'; Kind = 'Lower' }
    @{ Parameter = 'IncludeRoleAssignment'; Option = '--role-assignments'; Kind = 'Flag' }
    @{ Parameter = 'Strict'; Option = '--strict'; Kind = 'Flag' }
    @{ Parameter = 'Restart'; Option = '--restart'; Kind = 'Flag' }
)

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
