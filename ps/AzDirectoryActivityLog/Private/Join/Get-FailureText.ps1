# What an error and its causes say, with the HTTP status of each where it has one.
function Get-FailureText {
    param($ErrorRecord)

    $text = [System.Text.StringBuilder]::new()
    for ($cause = $ErrorRecord.Exception; $null -ne $cause; $cause = $cause.InnerException) {
        $null = $text.Append($cause.Message).Append(' ')
        # A number, a name of one, or something else that another version of Az has there.
        $code = (Get-PropertyValue (Get-PropertyValue $cause 'Response') 'StatusCode') -as [System.Net.HttpStatusCode]
        if ($null -ne $code) {
            $null = $text.Append('HTTP ').Append([int]$code).Append(' ')
        }
    }
    return $text.ToString()
}
