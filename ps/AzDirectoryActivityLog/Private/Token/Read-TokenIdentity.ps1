# Who a token is for, by its own claims; nothing where it cannot be read. Its text goes nowhere.
function Read-TokenIdentity {
    param($Source, $Result, $Cmdlet)

    if ($Source.Kind -eq 'Command') {
        return
    }
    $bytes = Get-TokenByte -Source $Source -Cmdlet $Cmdlet
    if ($null -eq $bytes) {
        return
    }
    $first = [array]::IndexOf($bytes, [byte]46)
    $second = -1
    if ($first -ge 0) {
        $second = [array]::IndexOf($bytes, [byte]46, $first + 1)
    }
    if ($second -gt $first) {
        $part = [System.Text.Encoding]::ASCII.GetString($bytes, $first + 1, $second - $first - 1)
        $part = $part.Replace('-', '+').Replace('_', '/')
        $part = $part.PadRight($part.Length + (4 - $part.Length % 4) % 4, '=')
        try {
            $claims = ConvertFrom-JsonText -Text ([System.Text.Encoding]::UTF8.GetString([System.Convert]::FromBase64String($part)))
            $Result.ObjectId = Get-TextValue (Get-PropertyValue $claims 'oid')
            $tenant = Get-TextValue (Get-PropertyValue $claims 'tid')
            if (-not [string]::IsNullOrEmpty($tenant)) {
                $Result.TenantId = $tenant
            }
            foreach ($name in 'upn', 'unique_name', 'appid') {
                if ([string]::IsNullOrEmpty($Result.Account)) {
                    $Result.Account = Get-TextValue (Get-PropertyValue $claims $name)
                }
            }
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            # An opaque token may work all the same.
            $null = $_
        }
    }
    [array]::Clear($bytes, 0, $bytes.Length)
}
