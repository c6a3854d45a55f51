# Settings of PSScriptAnalyzer for this module: Invoke-ScriptAnalyzer -Path ps -Recurse -Settings ps/PSScriptAnalyzerSettings.psd1
@{
    ExcludeRules = @(
        # Private functions named New-, Set-, Start-, Stop- make objects in memory or handle the helper; what
        # writes files for a user is public and has -WhatIf.
        'PSUseShouldProcessForStateChangingFunctions'
        # Functions named after what they return, such as a sum or the bytes of a token.
        'PSUseSingularNouns'
    )
}
