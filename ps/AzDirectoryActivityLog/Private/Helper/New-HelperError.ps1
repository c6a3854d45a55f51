# An error record with one of the module's ids. The hint is part of the text, because consoles do
# not show RecommendedAction.
function New-HelperError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory = $true)] [string] $Id,
        [Parameter(Mandatory = $true)] [string] $Message,
        [AllowNull()] [AllowEmptyString()] [string] $Hint,
        [AllowNull()] [object] $Target,
        [AllowNull()] [System.Exception] $InnerException
    )

    $category = 'NotSpecified'
    if ($script:OwnError.ContainsKey($Id)) {
        $category = $script:OwnError[$Id]
    } else {
        foreach ($row in $script:ExitStatus.Values) {
            if ($row.Id -eq $Id) {
                $category = $row.Category
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
        [System.Management.Automation.ErrorCategory]$category, $Target)
    if (-not [string]::IsNullOrEmpty($Hint)) {
        $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($text)
        $record.ErrorDetails.RecommendedAction = $Hint
    }
    $record
}
