# The quoting of a command line for Windows against the rules that Microsoft documents.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
    Add-Type -Path "$PSScriptRoot/CommandLine.cs"

    function Get-Quoted([string[]] $Word) {
        & (Get-Module AzDirectoryActivityLog) { param($w) ConvertTo-ArgumentText -Argument $w } $Word
    }
}

Describe 'The parser of this test' {
    It 'follows the documentation: <Line>' -ForEach @(
        @{ Line = '"a b c" d e'; Words = 'a b c', 'd', 'e' }
        @{ Line = '"ab\"c" "\\" d'; Words = 'ab"c', '\', 'd' }
        @{ Line = 'a\\\b d"e f"g h'; Words = 'a\\\b', 'de fg', 'h' }
        @{ Line = 'a\\\"b c d'; Words = 'a\"b', 'c', 'd' }
        @{ Line = 'a\\\\"b c" d e'; Words = 'a\\b c', 'd', 'e' }
        @{ Line = 'a"b"" c d'; Words = 'ab" c d' }
    ) {
        [CommandLine]::Split($Line) | Should -BeExactly $Words
    }
}

Describe 'A command line' {
    It 'quotes a word as little as needed: <Line>' -ForEach @(
        @{ Word = 'plain'; Line = 'plain' }
        @{ Word = ''; Line = '""' }
        @{ Word = 'a b'; Line = '"a b"' }
        @{ Word = "tab`there"; Line = "`"tab`there`"" }
        @{ Word = "line`nbreak"; Line = "`"line`nbreak`"" }
        @{ Word = 'say "hi"'; Line = '"say \"hi\""' }
        @{ Word = 'C:\Program Files\x\'; Line = '"C:\Program Files\x\\"' }
        @{ Word = 'C:\x\'; Line = 'C:\x\' }
        @{ Word = '\\server\share'; Line = '\\server\share' }
        @{ Word = 'a\"b'; Line = '"a\\\"b"' }
        @{ Word = '\'; Line = '\' }
        @{ Word = '\\ '; Line = '"\\ "' }
        @{ Word = ''' ; & | > $(x) `y` %PATH%'; Line = '"'' ; & | > $(x) `y` %PATH%"' }
    ) {
        Get-Quoted $Word | Should -BeExactly $Line
        $back = [CommandLine]::Split("x $Line")
        $back.Count | Should -Be 2
        $back[1] | Should -BeExactly $Word
    }

    It 'gives any words back as they were' {
        $random = [System.Random]::new(20261122)
        $letters = 'a\\\"" ' + "`t`n'" + '$`%^&|<>,;=-/*?' + [char]0xe9 + [char]0x4e2d
        foreach ($round in 1..300) {
            $words = @(foreach ($n in 1..$random.Next(1, 6)) {
                    -join @(for ($i = $random.Next(0, 9); $i -gt 0; $i--) { $letters[$random.Next($letters.Length)] })
                })
            $line = Get-Quoted $words
            $back = [CommandLine]::Split("x $line")
            $back.RemoveAt(0)
            $back -join "`0" | Should -BeExactly ($words -join "`0") -Because $line
        }
    }

    # tests/windows proves with a program of Windows that these lines give these words.
    It 'is what the table for Windows holds' {
        $rows = [System.IO.File]::ReadAllLines("$PSScriptRoot/fixtures/quoting.jsonl")
        $rows.Count | Should -BeGreaterThan 0
        foreach ($row in $rows) {
            $row = ConvertFrom-Json $row -DateKind String
            Get-Quoted $row.words | Should -BeExactly $row.line
        }
    }

    It 'takes no null character' {
        { Get-Quoted "a`0b" } | Should -Throw
    }
}
