# A parameter's time as azdal takes it: UTC with Z. Kind Local and Unspecified are local time.
function ConvertTo-TimeArgument {
    param([datetime] $Time)

    return $Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
        [System.Globalization.CultureInfo]::InvariantCulture)
}
