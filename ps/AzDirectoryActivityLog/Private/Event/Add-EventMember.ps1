# Reads Claims, HttpRequest and Properties of an event from Raw when one of them is first asked for, and
# keeps all three with the object; null where ConvertFrom-Json cannot read the event. Returns one of them.
# They are objects, however the producer wrote them: as JSON in a text, or around a member Content.
function Add-EventMember {
    param($InputObject, [string] $Name)

    $found = $null
    try {
        $found = ConvertFrom-JsonText -Text $InputObject.Raw
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $null = $_
    }
    $answer = $null
    foreach ($one in 'Claims', 'HttpRequest', 'Properties') {
        $value = Get-PropertyValue $found $one
        if ($null -eq $value -and $one -eq 'Claims') {
            # Diagnostic settings write the claims below the identity.
            $value = Get-PropertyValue (Get-PropertyValue $found 'identity') 'claims'
        }
        foreach ($other in $script:MemberName[$one]) {
            if ($null -eq $value) { $value = Get-PropertyValue $found $other }
        }
        if ($null -eq $value -and $one -eq 'HttpRequest') { $value = ConvertTo-RequestObject $found }
        if ($value -is [string]) {
            try {
                $value = ConvertFrom-JsonText -Text $value
            } catch [System.Management.Automation.PipelineStoppedException] {
                throw
            } catch {
                # Plain text, and it stays that; under another name it is that of a type, as Export-Csv writes it.
                if ($null -eq (Get-PropertyValue $found $one)) { $value = $null }
            }
        }
        $content = Get-PropertyValue $value 'Content'
        if ($null -ne $content -and $content -isnot [string]) {
            $value = $content
        }
        if ($one -eq $Name) { $answer = $value }
        $InputObject.PSObject.Properties.Add([psnoteproperty]::new($one, $value), $true)
    }
    return $answer
}
