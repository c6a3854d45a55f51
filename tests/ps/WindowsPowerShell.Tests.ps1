# Windows PowerShell 5.1 can run the module, as far as that can be said without it: the syntax tree, the
# types and members of .NET Framework, the parameters of commands, and what depends on the culture.

BeforeDiscovery {
    $folder = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../ps/AzDirectoryActivityLog")
    $files = foreach ($file in [System.IO.Directory]::GetFiles($folder, '*.ps*1', 'AllDirectories')) {
        @{ File = [System.IO.Path]::GetRelativePath($folder, $file) }
    }
    $views = @(, @{ File = 'AzDirectoryActivityLog.Format.ps1xml' })
}

BeforeAll {
    $folder = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../ps/AzDirectoryActivityLog")
    $packages = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../build/packages")
    $reader = "$packages/system.reflection.metadataloadcontext/10.0.8/lib/net10.0/System.Reflection.MetadataLoadContext.dll"
    Add-Type -Path $reader
    Add-Type -Path "$PSScriptRoot/SyntaxCheck.cs", "$PSScriptRoot/FrameworkCheck.cs" -ReferencedAssemblies (
        $reader, [psobject].Assembly.Location, 'System.Collections', 'System.Linq', 'System.Runtime', 'System.Text.RegularExpressions')
    $framework = [FrameworkCheck]::new("$packages/microsoft.netframework.referenceassemblies.net472/1.0.3/build/.NETFramework/v4.7.2")
    $functions = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
    $sources = foreach ($part in 'Public', 'Private') { [System.IO.Directory]::GetFiles("$folder/$part", '*.ps1', 'AllDirectories') }
    foreach ($file in $sources) { $null = $functions.Add([System.IO.Path]::GetFileNameWithoutExtension($file)) }

    # The scripts inside a file of types or views.
    function Get-InnerScript([string] $File) {
        $xml = [xml][System.IO.File]::ReadAllText("$folder/$File")
        foreach ($node in $xml.SelectNodes("//*[local-name() = 'ScriptBlock' or local-name() = 'GetScriptBlock']")) { $node.InnerText }
    }
}

AfterAll { $framework.Dispose() }

Describe 'Windows PowerShell 5.1' {
    It 'can run <File>' -ForEach $files {
        [SyntaxCheck]::Check([System.IO.File]::ReadAllText("$folder/$File"), $functions) | Should -BeNullOrEmpty
    }

    It 'has all types and members that <File> names' -ForEach $files {
        $framework.Check([System.IO.File]::ReadAllText("$folder/$File")) | Should -BeNullOrEmpty
    }

    It 'can run the scripts in <File>' -ForEach $views {
        $scripts = @(Get-InnerScript $File)
        $scripts.Count | Should -BeGreaterThan 0
        foreach ($script in $scripts) {
            [SyntaxCheck]::Check($script, $functions) | Should -BeNullOrEmpty -Because $script
            $framework.Check($script) | Should -BeNullOrEmpty -Because $script
        }
    }

    It 'reads every file, for all are ASCII' {
        foreach ($file in [System.IO.Directory]::GetFiles($folder, '*', 'AllDirectories')) {
            if ($file -match '[/\\]bin[/\\]') { continue } # the helper program
            [System.IO.File]::ReadAllText($file, [System.Text.Encoding]::Latin1) | Should -Not -Match '[^\x20-\x7e\r\n\t]' -Because $file
        }
    }
}

Describe 'The files of the module' {
    It 'hold one function each, of the name of the file' {
        foreach ($file in $sources) {
            $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$null, [ref]$null)
            $names = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false).Name
            $names | Should -BeExactly ([System.IO.Path]::GetFileNameWithoutExtension($file))
        }
    }
}

# The checks themselves have to find what they are there to find.
Describe 'The check of the syntax' {
    It 'finds <What> in: <Script>' -ForEach @(
        @{ Script = '$a = $b ? 1 : 2'; What = 'ternary' }
        @{ Script = '$a = $b ?? 1'; What = '??' }
        @{ Script = '$a ??= 1'; What = '??=' }
        @{ Script = '${a}?.b'; What = '?.' }
        @{ Script = '${a}?[0]'; What = '?[' }
        @{ Script = 'Get-Command a && Get-Command b'; What = '&&' }
        @{ Script = 'Get-Command a &'; What = 'background' }
        @{ Script = 'function f { clean { 1 } }'; What = 'clean' }
        @{ Script = '1 | ForEach-Object -Parallel { 1 }'; What = '-Parallel' }
        @{ Script = 'Get-Item /'; What = 'Get-Item' }
        @{ Script = 'Write-Verbose a'; What = 'Write-Verbose' }
        @{ Script = 'gcm a'; What = 'gcm' }
        @{ Script = '& $name'; What = 'computed' }
        @{ Script = 'Microsoft.PowerShell.Utility\Select-Object'; What = 'Select-Object' }
        @{ Script = '$start.ArgumentList.Add(1)'; What = 'ArgumentList' }
        @{ Script = '$p.Kill($true)'; What = 'Kill' }
        @{ Script = '$p.WaitForExitAsync()'; What = 'WaitForExitAsync' }
        @{ Script = '''a''.Contains([char]''b'')'; What = 'Contains' }
        @{ Script = '''a''.Contains(''b'', ''Ordinal'')'; What = 'Contains' }
        @{ Script = '''a''.StartsWith([char]''b'')'; What = 'StartsWith' }
        @{ Script = '''a''.Split(''bc'', 2)'; What = 'Split' }
        @{ Script = '''a''.Replace(''b'', ''c'', ''Ordinal'')'; What = 'Replace' }
        @{ Script = '''a''.IndexOf([char]''b'', [StringComparison]::Ordinal)'; What = 'IndexOf' }
        @{ Script = '[string]::Join('','', $a, $b, $c); ''a''.TrimEnd(''/'', ''x''); [System.IO.Path]::Join(''a'', ''b'')'; What = 'Join' }
        @{ Script = '[System.OperatingSystem]::IsWindows()'; What = 'OperatingSystem' }
        @{ Script = '$IsWindows'; What = '$IsWindows' }
        @{ Script = 'ConvertFrom-Json -InputObject $a -AsHashtable'; What = '-AsHashtable' }
        @{ Script = 'Get-Command -Name a -UseFuzzyMatching'; What = '-UseFuzzyMatching' }
        @{ Script = 'Import-Module a -SkipEditionCheck'; What = '-SkipEditionCheck' }
        @{ Script = 'Where-Object -Not a'; What = '-Not' }
        @{ Script = 'Get-Command -Name a -ErrorAction Ignore'; What = $null }
        @{ Script = 'class A { }'; What = 'class' }
        @{ Script = '[System.IO.File]::Move(''a'', ''b'', $true)'; What = 'Move' }
        @{ Script = '"`u{41}"'; What = '`u{' }
        @{ Script = '1..3 | Where-Object { $_ -in 1 } | Out-File x'; What = 'Out-File' }
        @{ Script = '$d.Remove(''a'', [ref]$v)'; What = 'Remove' }
        @{ Script = '[System.Text.Json.JsonDocument]::Parse(''1'')'; What = 'System.Text.Json' }
        @{ Script = '$p.add_Exited({ 1 })'; What = 'add_Exited' }
        @{ Script = 'Register-ObjectEvent $p Exited'; What = 'Register-ObjectEvent' }
        @{ Script = '$ExecutionContext.InvokeCommand.InvokeScript(''Get-Item /'')'; What = 'InvokeScript' }
        @{ Script = '[scriptblock]::Create(''Get-Item /'')'; What = 'Create' }
        @{ Script = '& azdal 2>&1'; What = 'azdal' }
        @{ Script = '$a.LastIndexOf(''/'')'; What = 'culture' }
        @{ Script = '$a.IndexOf(''/'', 3)'; What = 'culture' }
        @{ Script = '$a.StartsWith("$b/")'; What = 'culture' }
        @{ Script = '$a.EndsWith($b + ''/'')'; What = 'culture' }
        @{ Script = '$a -match ''^Microsoft'''; What = 'culture' }
        @{ Script = '$a -notmatch ''x.i'''; What = 'culture' }
        @{ Script = '$a -replace ''I'', '''''; What = 'culture' }
        @{ Script = '$a -match $pattern'; What = 'culture' }
        @{ Script = 'switch -Regex ($a) { ''^x'' { 1 } }'; What = 'culture' }
        @{ Script = '[regex]::IsMatch($a, ''x'', ''IgnoreCase'')'; What = 'culture' }
        @{ Script = '[System.Text.RegularExpressions.RegexOptions]::IgnoreCase'; What = 'culture' }
        @{ Script = '$time.ToString(''yyyy-MM-dd'')'; What = 'culture' }
        @{ Script = '$a.ToUpper()'; What = 'culture' }
        @{ Script = '$a.LastIndexOf([char]''/''); $a.IndexOf(''/'', [System.StringComparison]::Ordinal); [array]::IndexOf($a, ''x''); $time.ToString(''o'')'; What = $null }
        @{ Script = '$a -match ''^mg:(.*)$''; $a -cmatch ''i''; [regex]::IsMatch($a, ''i'', ''IgnoreCase, CultureInvariant''); $a.StartsWith(''i'', $ordinal)'; What = $null }
        @{ Script = '[ref]'; What = $null }
        @{ Script = '$a = if ($b) { 1 } else { 2 }; $p.Kill(); ''a''.Contains(''b''); ConvertFrom-Json -InputObject $a'; What = $null }
    ) {
        $problems = [SyntaxCheck]::Check($Script, [System.Collections.Generic.HashSet[string]]::new())
        if ($null -eq $What) { $problems | Should -BeNullOrEmpty } else { $problems -join "`n" | Should -BeLikeExactly "*$([WildcardPattern]::Escape($What))*" }
    }
}

Describe 'The check against .NET Framework' {
    It 'finds <What> in: <Script>' -ForEach @(
        @{ Script = '[System.OperatingSystem]::IsWindows()'; What = 'IsWindows' }
        @{ Script = '[System.HashCode]::Combine(1)'; What = 'System.HashCode' }
        @{ Script = '[System.Text.Json.JsonDocument]::Parse(''1'')'; What = 'System.Text.Json.JsonDocument' }
        @{ Script = '[System.Collections.Generic.PriorityQueue[int, int]]::new()'; What = 'PriorityQueue' }
        @{ Script = '[System.Collections.Generic.List[System.Half]]::new()'; What = 'System.Half' }
        @{ Script = 'param([System.DateOnly] $a)'; What = 'System.DateOnly' }
        @{ Script = '$a -as [System.Index]'; What = 'System.Index' }
        @{ Script = '[No.Such.Type]::new()'; What = 'No.Such.Type' }
        @{ Script = '[math]::Clamp(1, 2, 3)'; What = 'Clamp' }
        @{ Script = '[System.IO.Path]::GetRelativePath(''a'', ''b'')'; What = 'GetRelativePath' }
        @{ Script = '[System.IO.File]::Move(''a'', ''b'', $true)'; What = 'Move' }
        @{ Script = '[System.Convert]::ToHexString($a)'; What = 'ToHexString' }
        @{ Script = '[guid]::CreateVersion7()'; What = 'CreateVersion7' }
        @{ Script = '[datetime]::UnixEpoch'; What = 'UnixEpoch' }
        @{ Script = '[System.Environment]::ProcessId'; What = 'ProcessId' }
        @{ Script = '[System.Text.StringBuilder]::new(1, 2, 3, 4, 5)'; What = 'new' }
        @{ Script = '$a.ReplaceLineEndings()'; What = 'ReplaceLineEndings' }
        @{ Script = '$a.WaitForExitAsync()'; What = 'WaitForExitAsync' }
        @{ Script = '$a.Kill($true)'; What = 'Kill' }
        @{ Script = '$a.ReadExactly($b)'; What = 'ReadExactly' }
        @{ Script = '[System.Web.HttpUtility]::HtmlEncode(''a'')'; What = 'System.Web.HttpUtility' }
        @{ Script = '[System.IO.Compression.ZipFile]::OpenRead(''a'')'; What = 'System.IO.Compression.ZipFile' }
        @{ Script = '[math]::Max(1, 2); [string]::Join('','', @(''a'')); [string]::Format(''{0}'', 1, 2, 3, 4, 5); $a.Kill()'; What = $null }
        @{ Script = '[System.Collections.Generic.Dictionary[string, System.Collections.Generic.List[int[]]]]::new()'; What = $null }
        @{ Script = '[datetime]::UtcNow; [int]::MaxValue; [System.StringComparison]::Ordinal; [pscustomobject]@{ a = 1 }'; What = $null }
        @{ Script = '[System.Management.Automation.ErrorRecord]::new($a, ''b'', ''NotSpecified'', $null); [switch]$b; [ref]$c'; What = $null }
        @{ Script = '$a.Where({ $_ }); [System.IO.Compression.GZipStream]::new($a, ''Compress''); $PSCmdlet.ThrowTerminatingError($e)'; What = $null }
    ) {
        $problems = $framework.Check($Script)
        if ($null -eq $What) { $problems | Should -BeNullOrEmpty } else { $problems -join "`n" | Should -BeLikeExactly "*$([WildcardPattern]::Escape($What))*" }
    }
}
