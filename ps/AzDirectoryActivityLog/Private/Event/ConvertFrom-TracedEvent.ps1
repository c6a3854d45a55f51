# Lines of `azdal trace --events`, events as their files have them, as events that Import gives: azdal reads
# them once more (cat --format columns), whatever shape they have. Their place in a file is not known here.
function ConvertFrom-TracedEvent {
    [CmdletBinding()]
    [OutputType('AzDirectoryActivityLog.Event')]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [System.Collections.Generic.List[string]] $Line,
        [AllowNull()] $Caller,
        [string] $Helper,
        $Cmdlet
    )

    begin {
        $feed = $null
        $place = { $_.SourcePath = $null; $_.SourceLine = $null; $_ }
    }

    process {
        if ($null -eq $feed) {
            $feed = New-HelperFeed -Argument 'cat', '--format', 'columns', '-' -AzdalPath $Helper -Cmdlet $Cmdlet
        }
        foreach ($one in $Line) {
            Add-HelperFeed -Feed $feed -Text $one
        }
        if ($feed.Batch.Length -ge $script:BatchBytes) {
            Send-HelperFeed -Feed $feed -Cmdlet $Cmdlet | ConvertFrom-EventRow -Caller $Caller -Helper $Helper -Cmdlet $Cmdlet | ForEach-Object $place
        }
    }

    end {
        if ($null -ne $feed) {
            Complete-HelperFeed -Feed $feed -Cmdlet $Cmdlet | ConvertFrom-EventRow -Caller $Caller -Helper $Helper -Cmdlet $Cmdlet | ForEach-Object $place
        }
    }
}
