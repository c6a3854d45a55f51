# The helper program: what -AzdalPath names, else the one in the module's bin folder (in that of this
# platform, or in bin itself), else the one on the PATH. Its version is checked once.
function Resolve-HelperPath {
    param([AllowNull()] [AllowEmptyString()] [string] $AzdalPath, $Cmdlet)

    $name = 'azdal'
    $platform = 'linux-x64'
    $missing = "the helper program is neither in the module's bin folder nor on the PATH"
    if ([System.IO.Path]::DirectorySeparatorChar -eq '\') {
        $name = 'azdal.exe'
        $platform = 'win-x64'
    } elseif ([System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::OSX)) {
        # There is no program for macOS in the module; one that was built there may be on the PATH.
        $platform = 'osx'
        $missing = 'the module has no helper program for macOS, and none is on the PATH'
    } elseif ([string][System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture -ceq 'Arm64') {
        $platform = 'linux-arm64'
    }
    if (-not [string]::IsNullOrEmpty($AzdalPath)) {
        $path = Resolve-FilePath -Path $AzdalPath -Cmdlet $Cmdlet
        if (-not [System.IO.File]::Exists($path)) {
            $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperNotFound -Target $path -Message (
                        "${path}: there is no such file, so the helper program cannot be started")))
        }
    } else {
        $bin = [System.IO.Path]::Combine($Cmdlet.MyInvocation.MyCommand.Module.ModuleBase, 'bin')
        $path = [System.IO.Path]::Combine($bin, $platform, $name)
        if (-not [System.IO.File]::Exists($path)) {
            $path = [System.IO.Path]::Combine($bin, $name)
        }
        if (-not [System.IO.File]::Exists($path)) {
            $path = $null
            foreach ($command in @(Get-Command -Name $name -CommandType Application -ErrorAction Ignore)) {
                $path = $command.Path
                break
            }
        }
        if ($null -eq $path) {
            $Cmdlet.ThrowTerminatingError((New-HelperError -Id HelperNotFound -Target $name -Message (
                        "${name}: $missing") -Hint (
                        'install azdal, or name it with -AzdalPath')))
        }
    }
    if (-not $script:HelperVersion.ContainsKey($path)) {
        Test-HelperVersion -Path $path -Cmdlet $Cmdlet
        $script:HelperVersion[$path] = $true
    }
    return $path
}
