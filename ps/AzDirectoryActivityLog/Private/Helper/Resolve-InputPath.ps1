# The file system paths of what is to be read, as the parameters Path (with wildcards) and LiteralPath
# give them. What is not there goes to Missing (Complete-InputPath). A path that exists as it is written is that file, whatever characters it has.
# Whole: a folder is taken as it is, with nothing in it too.
function Resolve-InputPath {
    param([AllowNull()] [string[]] $Path, [switch] $Literal, [switch] $Piped, [switch] $Whole, $Missing, $Cmdlet)

    foreach ($one in $Path) {
        $full = Resolve-FilePath -Path $one -Cmdlet $Cmdlet -Lenient
        if ($null -eq $full) {
            continue
        }
        $found = [System.Collections.Generic.List[string]]::new()
        $guessed = [bool]$Piped
        if ([System.IO.File]::Exists($full) -or [System.IO.Directory]::Exists($full)) {
            $found.Add($full)
        } elseif (-not $Literal -and [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($one)) {
            $provider = $null
            try {
                $found.AddRange([string[]]@($Cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath($one, [ref]$provider)))
                $guessed = $true
            } catch [System.Management.Automation.PipelineStoppedException] {
                throw
            } catch {
                # Nothing there: that is said below.
                $null = $_
            }
        }
        if ($found.Count -eq 0) {
            $Missing.Add(@{ Path = $full; Why = 'no such file or folder' })
            continue
        }
        foreach ($item in $found) {
            if ($guessed -and (Test-ExportPart -Path $item)) {
                continue
            }
            if (-not $Whole -and [System.IO.Directory]::Exists($item) -and
                [System.IO.Directory]::GetFileSystemEntries($item).Length -eq 0) {
                $Missing.Add(@{ Path = $item; Why = 'the folder is empty' })
                continue
            }
            $item
        }
    }
}
