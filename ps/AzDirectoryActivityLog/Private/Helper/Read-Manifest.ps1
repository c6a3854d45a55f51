# The manifest of an export as an object, or null where there is none that can be read.
function Read-Manifest {
    param([string] $Folder)

    $path = [System.IO.Path]::Combine($Folder, 'manifest.json')
    try {
        return ConvertFrom-JsonText -Text ([System.IO.File]::ReadAllText($path))
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        return $null
    }
}
