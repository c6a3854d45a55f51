# The plain fields of an event that ConvertFrom-Json refuses: the members of the outer object are cut
# apart and each is read by itself; the ones that cannot be read are left out. The first of two of
# one name stays.
function ConvertFrom-OddEvent {
    param([string] $Line)

    $string = '"(?:[^"\\]|\\.)*"'
    $nested = "(?>[{\[](?<depth>)(?:(?>[^`"{}\[\]]+|$string)|[{\[](?<depth>)|[}\]](?<-depth>))*?(?(depth)(?!)))"
    $member = "\G\s*[{,]\s*(?<name>$string)\s*:\s*(?<value>$string|$nested|[^,{}\[\]`"\s]+)"
    $result = [pscustomobject]@{}
    foreach ($match in [regex]::Matches($Line, $member)) {
        try {
            $name = (ConvertFrom-JsonText -Text ('{"name":' + $match.Groups['name'].Value + '}')).name
            if ([string]::IsNullOrEmpty($name) -or $null -ne $result.PSObject.Properties[$name]) {
                continue
            }
            $value = (ConvertFrom-JsonText -Text ('{"value":' + $match.Groups['value'].Value + '}')).value
            $result.PSObject.Properties.Add([psnoteproperty]::new($name, $value))
        } catch [System.Management.Automation.PipelineStoppedException] {
            throw
        } catch {
            # This member alone is lost; Raw has it.
            $null = $_
        }
    }
    return $result
}
