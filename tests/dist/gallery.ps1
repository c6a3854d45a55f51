# Publishes the gallery's package to a repository that is a folder, and installs it from there.
param([string] $Package, [string] $Folder)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$name = 'AzDirectoryActivityLog'
$null = New-Item -ItemType Directory -Path "$Folder/repository", "$Folder/modules"
Register-PSResourceRepository -Name azdal-test -Uri "$Folder/repository" -Trusted
try {
    Publish-PSResource -NupkgPath $Package -Repository azdal-test
    $found = Find-PSResource -Name $name -Repository azdal-test
    "found $($found.Name) by $($found.Author), $($found.ProjectUri)"
    Save-PSResource -Name $name -Repository azdal-test -Path "$Folder/modules" -TrustRepository
} finally {
    Unregister-PSResourceRepository -Name azdal-test
}
$manifest = @(Get-ChildItem "$Folder/modules" -Recurse -Filter "$name.psd1")[0]
"installed $((Test-ModuleManifest $manifest.FullName).Version)"
"folder $($manifest.DirectoryName)"
$there = Get-ChildItem $manifest.DirectoryName -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath($manifest.DirectoryName, $_.FullName) } |
    Where-Object { $_ -notlike 'bin/*' -and $_ -ne 'PSGetModuleInfo.xml' } | Sort-Object
$listed = (Import-PowerShellDataFile $manifest.FullName).FileList | Sort-Object
if (($there -join "`n") -eq ($listed -join "`n")) { 'files as listed' } else { Compare-Object $listed $there }
Import-Module $manifest.FullName
"functions $(@(Get-Command -Module $name).Count)"
