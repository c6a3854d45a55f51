# An error record with one of the module's ids, and a hint that is shown once.
function New-HelperError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory = $true)] [string] $Id,
        [Parameter(Mandatory = $true)] [string] $Message,
        [AllowNull()] [AllowEmptyString()] [string] $Hint,
        [AllowNull()] [object] $Target,
        [AllowNull()] [System.Exception] $InnerException,
        [AllowNull()] [AllowEmptyString()] [string] $Category
    )

    $kind = 'NotSpecified'
    if (-not [string]::IsNullOrEmpty($Category)) {
        $kind = $Category
    } elseif ($script:OwnError.ContainsKey($Id)) {
        $kind = $script:OwnError[$Id]
    } else {
        foreach ($row in $script:ExitStatus.Values) {
            if ($row.Id -eq $Id) {
                $kind = $row.Category
            }
        }
    }
    $text = $Message
    if (-not [string]::IsNullOrEmpty($Hint)) {
        $text = $Message + [System.Environment]::NewLine + 'Hint: ' + $Hint
    }
    $exception = [System.InvalidOperationException]::new($text, $InnerException)
    # Without the hint, for those who have another place for it.
    $exception.Data['Message'] = $Message
    $record = [System.Management.Automation.ErrorRecord]::new(
        $exception, $Id,
        [System.Management.Automation.ErrorCategory]$kind, $Target)
    if (-not [string]::IsNullOrEmpty($Hint)) {
        # PowerShell 7 shows RecommendedAction below the text, Windows PowerShell does not.
        $shown = $text
        if ($PSVersionTable.PSVersion.Major -ge 7) {
            $shown = $Message
        }
        $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($shown)
        $record.ErrorDetails.RecommendedAction = $Hint
    }
    $record
}
