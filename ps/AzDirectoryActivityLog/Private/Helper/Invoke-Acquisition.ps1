# Runs `azdal acquire` into a folder, to its end: Status, the Child for what it said, and the Views that
# lay in the folder and have to be written again.
function Invoke-Acquisition {
    param([string] $Helper, $Argument, [string] $Folder, $Token, [string] $LogLevel, $Cmdlet)

    $parent = [System.IO.Path]::GetDirectoryName($Folder)
    if (-not [string]::IsNullOrEmpty($parent)) {
        try {
            $null = [System.IO.Directory]::CreateDirectory($parent)
        } catch {
            $Cmdlet.ThrowTerminatingError((New-HelperError -Id LocalIO -Target $parent -InnerException $_.Exception -Message (
                        "${parent}: the folder cannot be created: $($_.Exception.GetBaseException().Message)")))
        }
    }
    $views = @(Get-ExportView -Folder $Folder)
    $child = @{ Views = @(foreach ($one in $views) { $one.Name }) }
    $ended = $false
    try {
        Start-HelperProcess -Child $child -Path $Helper -Argument ($Argument.ToArray() + '--' + $Folder) -Cmdlet $Cmdlet -Token $Token -Json -LogLevel $LogLevel -Activity 'Fetching the directory activity log'
        while ($null -ne (Read-HelperLine -Child $child -Cmdlet $Cmdlet)) {
            continue
        }
        $status = Wait-HelperExit -Child $child
        $ended = $true
    } finally {
        Stop-HelperProcess -Child $child -Cmdlet $Cmdlet -Kill:$ended
    }
    return @{ Status = $status; Child = $child; Views = $views }
}
