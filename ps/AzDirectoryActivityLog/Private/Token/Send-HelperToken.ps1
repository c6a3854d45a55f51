# Answers the child's request for a token, or ends its input when there is none to be had: then the
# child saves its state and says why.
function Send-HelperToken {
    param($Child, $Cmdlet, [string] $Reason)

    if ($null -eq $Child.Token) {
        $Child.In.Dispose()
        return
    }
    $Cmdlet.WriteVerbose("A token is needed: $Reason")
    $bytes = Get-TokenByte -Source $Child.Token -Cmdlet $Cmdlet
    if ($null -eq $bytes) {
        $Child.In.Dispose()
        return
    }
    try {
        $Child.In.Write($bytes, 0, $bytes.Length)
        $Child.In.WriteByte(10)
        $Child.In.Flush()
    } catch [System.IO.IOException] {
        # The child has gone; its own error line and status tell why.
        $Cmdlet.WriteVerbose("The token was not taken: $($_.Exception.Message)")
    } finally {
        [array]::Clear($bytes, 0, $bytes.Length)
    }
}
