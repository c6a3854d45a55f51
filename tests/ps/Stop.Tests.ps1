# What Ctrl+C does: the pipeline is stopped from another thread. And two runspaces at the same time.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"

    # A runspace of its own with the module in it, and a script that runs there with two arguments.
    function Start-Script([string] $Script, [string] $Fake) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("param(`$Fake, `$Folder, `$Module) Import-Module `$Module; $Script").AddArgument($Fake).AddArgument("$(New-Folder)/out").AddArgument($Module)
        return [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke() }
    }

    # Stops the script once its child runs; returns the child's id.
    function Stop-Script($Started, [string] $Fake) {
        Wait-For { [System.IO.File]::Exists("$Fake.pid") -and [System.IO.File]::ReadAllText("$Fake.pid") -match '^\d+\n' } 'the child started'
        $Started.Shell.Stop()
        return [int][System.IO.File]::ReadAllText("$Fake.pid")
    }
}

Describe 'A pipeline that is stopped' {
    BeforeEach { Reset-Az }
    AfterEach {
        if ($started) { $started.Shell.Runspace.Dispose(); $started.Shell.Dispose() }
        Clear-Test
    }

    It 'lets the child of an export save its state' {
        $fake = New-Program 'echo $$ >"$0.pid"; read -r line; echo "$line" >"$0.line"; cat >>"$0.line"; echo saved >"$0.saved"; exit 130'
        $started = Start-Script 'Export-AzDirectoryActivityLog -Path $Folder -AccessToken t -AzdalPath $Fake' $fake
        $id = Stop-Script $started $fake
        Wait-For { -not (Test-Alive $id) } 'the child is gone'
        [System.IO.File]::ReadAllText("$fake.line") | Should -BeExactly "cancel`n"
        "$fake.saved" | Should -Exist
    }

    It 'kills a child that does not listen, after three seconds' {
        $fake = New-Program 'trap "" TERM INT; echo $$ >"$0.pid"; exec sleep 600'
        $started = Start-Script 'Export-AzDirectoryActivityLog -Path $Folder -AccessToken t -AzdalPath $Fake' $fake
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $id = Stop-Script $started $fake
        Wait-For { -not (Test-Alive $id) } 'the child is gone'
        $clock.Elapsed.TotalSeconds | Should -BeGreaterThan 2.5
    }

    It 'ends the child of a reader: <Script>' -ForEach @(
        @{ Script = 'Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $Fake' }
        @{ Script = 'Import-AzDirectoryActivityLog x -AzdalPath $Fake' }
        @{ Script = 'Find-AzPrivilegedOperation x -AzdalPath $Fake' }
        @{ Script = 'Test-AzDirectoryActivityLog x -AzdalPath $Fake' }
    ) {
        $fake = New-Program 'echo $$ >"$0.pid"; exec sleep 600'
        $started = Start-Script $Script $fake
        $id = Stop-Script $started $fake
        Wait-For { -not (Test-Alive $id) } 'the child is gone'
    }

    It 'and leaves a child behind has it ended by the next call' {
        $fake = New-Program 'echo $$ >"$0.pid"; exec cat >/dev/null'
        # Stopped while upstream has the word, so that nothing of Find runs any more.
        $started = Start-Script '& { [pscustomobject]@{ Raw = ''{"x":1}'' }; while ($true) { [System.Threading.Thread]::Sleep(10) } } | Find-AzPrivilegedOperation -AzdalPath $Fake' $fake
        $id = Stop-Script $started $fake
        $next = [powershell]::Create($started.Shell.Runspace)
        $null = $next.AddScript('param($Fake) Find-AzPrivilegedOperation x -AzdalPath $Fake').AddArgument((New-Program -Name other 'exit 0')).Invoke()
        $next.Dispose()
        Wait-For { -not (Test-Alive $id) } 'the child is gone'
    }
}

Describe 'Two runspaces' {
    AfterEach { Clear-Test }

    It 'use the module at the same time' {
        $fake = New-Program 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "{\"rule\":\"r\"}"; done'
        $both = foreach ($n in 1, 2) { Start-Script 'foreach ($round in 1..3) { Find-AzPrivilegedOperation x -AzdalPath $Fake }' $fake }
        foreach ($one in $both) {
            $one.Shell.EndInvoke($one.Running).Count | Should -Be 900
            $one.Shell.Streams.Error | Should -BeNullOrEmpty
            $one.Shell.Dispose()
        }
    }
}
