# The error record of a child that ended with a status other than 0: azdal's own sentence and hint
# under the id of its status.
function New-ExitError {
    param($Child, [int] $ExitCode, $Target)

    $id = 'Internal'
    if ($script:ExitStatus.ContainsKey($ExitCode)) {
        $id = $script:ExitStatus[$ExitCode].Id
    }
    $message = $Child.Error
    if ([string]::IsNullOrEmpty($message)) {
        $message = "azdal ended with status $ExitCode and gave no reason"
    }
    return New-HelperError -Id $id -Message (ConvertTo-ParameterWord $message) -Hint (ConvertTo-ParameterWord $Child.Hint) -Target $Target
}
