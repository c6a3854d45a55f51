# A value as it stands in a PowerShell command that is shown to be copied: quoted, whatever it holds.
function ConvertTo-QuotedText {
    param([string] $Text)

    if ($Text -match '^[A-Za-z0-9/][A-Za-z0-9._@/-]*\z') {
        return $Text
    }
    return "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Text) + "'"
}
