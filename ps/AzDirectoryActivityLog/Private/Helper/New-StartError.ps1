# Why the helper could not be started: Code is the system's, and Why what it means.
function New-StartError {
    param([string] $Path, [int] $Count, [int] $Code, [string] $Why, $Cause)

    # E2BIG, and what Windows says of more than 32,767 characters.
    $long = 7
    if ([System.IO.Path]::DirectorySeparatorChar -eq '\') { $long = 206 }
    if ($Code -eq $long) {
        return New-HelperError -Id Usage -Target $Path -InnerException $Cause -Message "$Count arguments are too long for one command line" -Hint (
            'name the folder that holds the files instead of each file')
    }
    $hint = 'install the azdal that was built for this system, or name one with -AzdalPath'
    if ($Code -eq 13) {
        $hint = "it may have lost its execute permission: chmod +x '$Path'"
    }
    return New-HelperError -Id HelperNotFound -Target $Path -InnerException $Cause -Message "${Path}: the helper program cannot be started: $Why" -Hint $hint
}
