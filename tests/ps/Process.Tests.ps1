# The child process: what it may do wrong, and what the pipeline may do to it. The programs here are
# shell scripts that stand in for azdal, so that each does exactly the wrong thing.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"
}

Describe 'The child process' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'A helper that is not there is HelperNotFound' {
        $record = Assert-Fails HelperNotFound { Import-AzDirectoryActivityLog x -AzdalPath /nowhere/azdal }
        $record.Exception.Message -match '[\\/]nowhere[\\/]azdal' | Should -BeTrue -Because $record.Exception.Message
        $before = $env:PATH
        try {
            $env:PATH = (New-Folder)
            $record = Assert-Fails HelperNotFound { Find-AzPrivilegedOperation x }
            $record.Exception.Message -match '-AzdalPath' | Should -BeTrue -Because $record.Exception.Message
        } finally {
            $env:PATH = $before
        }
    }

    It 'A helper on the PATH is found' {
        $before = $env:PATH
        try {
            $env:PATH = (New-Folder)
            $null = New-Program -Name azdal 'echo {}'
            @(Find-AzPrivilegedOperation x).Count | Should -BeExactly 1
        } finally {
            $env:PATH = $before
        }
    }

    It 'A helper without its execute bit says how to mend it' {
        $fake = New-Program 'exit 0'
        [System.IO.File]::SetUnixFileMode($fake, [System.IO.UnixFileMode]'UserRead, UserWrite')
        $record = Assert-Fails HelperNotFound { Import-AzDirectoryActivityLog x -AzdalPath $fake }
        $record.Exception.Message -match 'chmod \+x' | Should -BeTrue -Because $record.Exception.Message
        $record.ErrorDetails.RecommendedAction -match 'chmod' | Should -BeTrue -Because 'the hint is in RecommendedAction too'
        $record.Exception.Message | Should -Match 'cannot be started: Permission denied' -Because 'that is the reason, without .NET around it'
    }

    It 'The module''s own helper gets its execute bit back, as a gallery''s package has none' {
        $copy = "$(New-Folder)/AzDirectoryActivityLog"
        Copy-Item -Recurse ([System.IO.Path]::GetDirectoryName($Module)) $copy
        $null = [System.IO.Directory]::CreateDirectory("$copy/bin/linux-x64")
        $fake = New-Program 'echo {}'
        [System.IO.File]::Copy($fake, "$copy/bin/azdal")
        [System.IO.File]::SetUnixFileMode("$copy/bin/azdal", [System.IO.UnixFileMode]'UserRead, UserWrite')
        $said = & "$TestRoot/tests/ps/powershell" -Command "Import-Module '$copy'; @(Find-AzPrivilegedOperation x).Count"
        "$said" | Should -BeExactly '1'
    }

    It 'More paths than a command line takes are told as that' {
        $fake = New-Program 'exit 0'
        $many = 1..30000 | ForEach-Object { '/a-folder-with-a-long-name/that-holds-many-files/each-of-which-has-a-long-name-as-well/file-' + $_ }
        foreach ($call in { $many | Import-AzDirectoryActivityLog -AzdalPath $fake }, { Find-AzPrivilegedOperation -Path $many -AzdalPath $fake }) {
            $record = Assert-Fails Usage $call
            $record.Exception.Message.Contains('command line') | Should -BeTrue -Because $record.Exception.Message
            $record.Exception.Message.Contains('folder') | Should -BeTrue -Because $record.Exception.Message
        }
    }

    It 'A program that is no azdal, or one of another generation, is HelperVersion' {
        foreach ($says in 'hello', 'azdal 1.0.0', 'azdal 0.0.9', '') {
            $fake = New-File ([guid]::NewGuid().ToString('N')) "#!/bin/sh`necho '$says'`n"
            [System.IO.File]::SetUnixFileMode($fake, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
            $null = Assert-Fails HelperVersion { Import-AzDirectoryActivityLog x -AzdalPath $fake }
        }
        $fake = New-File later "#!/bin/sh`necho 'azdal 0.7.3'`n"
        [System.IO.File]::SetUnixFileMode($fake, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
        $null = Assert-Fails HelperVersion { Import-AzDirectoryActivityLog x -AzdalPath $fake | Where-Object { $_ } }
    }

    It 'Each exit status of an export has its error id, message and hint' {
        $ids = @{ 1 = 'Internal'; 2 = 'Usage'; 3 = 'NotAuthorised'; 4 = 'Refused'; 5 = 'Network'; 6 = 'LocalIO'; 7 = 'Untrusted'; 8 = 'ForeignState'; 130 = 'Interrupted' }
        foreach ($code in $ids.Keys) {
            $fake = New-Program -Name "fake$code" @"
echo '{"event":"error","code":$code,"message":"what: which: why","hint":"do that"}' >&2
exit $code
"@
            $record = Assert-Fails $ids[$code] { Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake }
            $record.Exception.Message.StartsWith('what: which: why') | Should -BeTrue -Because $record.Exception.Message
            $record.ErrorDetails.RecommendedAction | Should -BeExactly 'do that'
            $record.TargetObject -match '[\\/]out$' | Should -BeTrue -Because "target: $($record.TargetObject)"
        }
        $fake = New-Program -Name silent 'exit 77'
        $record = Assert-Fails Internal { Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake }
        $record.Exception.Message -match 'status 77' | Should -BeTrue -Because $record.Exception.Message
    }

    It 'Status 9 gives the result and an error that does not end the pipeline' {
        $fake = New-Program @'
mkdir -p "$folder"
echo '{"schema":1,"query":{"since":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","scopes":["all"],"clamped":true},"started":"2026-11-22T10:00:00Z","finished":"2026-11-22T10:00:09Z","verdict":"INCOMPLETE","identity":null,"roleAssignments":null,"scopes":[{"scope":"tenant","status":"complete","error":null,"settledUntil":"2026-11-01T23:00:00Z","events":3,"firstEvent":"2026-11-01T01:00:00.1234567Z","lastEvent":"2026-11-01T02:00:00Z","requests":2,"retries":1,"files":[{"path":"tenant.ndjson.gz"}]},{"scope":"sub:x","status":"forbidden","error":{"code":"AuthorizationFailed","message":"no"},"settledUntil":null,"events":0,"firstEvent":null,"lastEvent":null,"requests":1,"retries":0,"files":[]}]}' >"$folder/manifest.json"
echo '{"event":"warning","message":"start moved"}' >&2
echo '{"event":"done","verdict":"INCOMPLETE","manifest":"m","sha256":"abc"}' >&2
echo '{"event":"error","code":9,"message":"sub:x: HTTP 403","hint":null}' >&2
exit 9
'@
        $out = @(Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable wrong -WarningAction SilentlyContinue -WarningVariable warned)
        $out.Count | Should -BeExactly 1
        ($wrong[0].FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'Incomplete'
        $wrong[0].Exception.Message | Should -BeExactly 'sub:x: HTTP 403'
        $out[0].Verdict | Should -BeExactly 'INCOMPLETE'
        $out[0].ExitCode | Should -BeExactly 9
        $out[0].EventCount | Should -BeExactly 3
        $out[0].ManifestSha256 | Should -BeExactly 'abc'
        $out[0].Requests | Should -BeExactly 3
        $out[0].Retries | Should -BeExactly 1
        $out[0].Duration.TotalSeconds | Should -BeExactly 9
        $out[0].Clamped | Should -BeExactly $true
        $out[0].StartTime.Kind | Should -BeExactly 'Utc'
        $out[0].FirstEvent.ToString('fffffff') | Should -BeExactly '1234567'
        $out[0].Warnings -join '|' | Should -BeExactly 'start moved'
        $warned -join '|' | Should -BeExactly 'start moved'
        $out[0].Scopes[1].ErrorCode | Should -BeExactly 'AuthorizationFailed'
        $out[0].TenantId | Should -BeExactly $null
    }

    It 'Arguments and text are UTF-8 and arrive as they are' {
        $fake = New-Program @'
for a; do printf '%s\n' "$a" >>"$0.args"; done
echo '{"event":"error","code":6,"message":"Gr\u00fc\u00dfe \u4e2d\u6587 grüße","hint":null}' >&2
exit 6
'@
        $folder = [System.IO.Path]::Combine((New-Folder), "o'dd `"q`" " + [char]0xe9 + [char]0x4e2d + ' $x `y`')
        $gruesse = 'Gr' + [char]0xfc + [char]0xdf + 'e ' + [char]0x4e2d + [char]0x6587 + ' gr' + [char]0xfc + [char]0xdf + 'e'
        $record = Assert-Fails LocalIO { Export-AzDirectoryActivityLog -Path $folder -AccessToken t -AzdalPath $fake -Scope 'mg:a b"c\', 'tenant' }
        $record.Exception.Message | Should -BeExactly $gruesse
        $words = [System.IO.File]::ReadAllLines("$fake.args")
        $words[-1] | Should -BeExactly $folder
        $words[-2] | Should -BeExactly '--'
        [array]::IndexOf($words, 'mg:a b"c\') -gt 0 | Should -BeTrue -Because 'the scope is one argument'
    }

    It 'Parameters become options by the table' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        $null = Assert-Fails Network {
            Export-AzDirectoryActivityLog -OutputDir ((New-Folder) + '/out') -AzdalPath $fake -AccessToken t -StartDate ([datetime]::new(2026, 11, 1, 0, 0, 0, [System.DateTimeKind]::Utc)) -EndDate '2026-11-02T00:00:00Z' -Scope all, mg:x -IncludeRoleAssignment -Split Day -Strict -Restart:$false -Connection 4 -Level 9 -CertificatePath ca.pem -LogLevel Debug -Endpoint http://127.0.0.1:1
        }
        $words = [System.IO.File]::ReadAllText("$fake.args").Replace("`n", ' ')
        foreach ($part in '^acquire ', ' --progress json ', ' --scope all --scope mg:x ', ' --since 2026-11-01T00:00:00.0000000Z ', ' --until 2026-11-02T00:00:00.0000000Z ', ' --role-assignments ', ' --split day ', ' --strict ', ' --connections 4 ', ' --level 9 ', ' --cacert \S*[\\/]ca.pem ', ' --verbose ', ' --endpoint http://127.0.0.1:1 ', ' --token-stdin ') {
            $words -match $part | Should -BeTrue -Because "$part is missing in: $words"
        }
        $words -notmatch '--restart|--cloud' | Should -BeTrue -Because $words
    }

    It 'Local and unspecified times are local, and go out as UTC' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        $zone = [System.TimeZoneInfo]::Local
        foreach ($kind in 'Local', 'Unspecified', 'Utc') {
            $time = [datetime]::SpecifyKind([datetime]::new(2026, 7, 1, 12, 0, 0).AddTicks(1234567), [System.DateTimeKind]$kind)
            $null = Assert-Fails Network { Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AzdalPath $fake -AccessToken t -StartTime $time }
            $words = [System.IO.File]::ReadAllLines("$fake.args")
            $got = $words[[array]::IndexOf($words, '--since') + 1]
            $want = $time
            if ($kind -ne 'Utc') { $want = $time - $zone.GetUtcOffset([datetime]::SpecifyKind($time, [System.DateTimeKind]::Unspecified)) }
            $got.TrimEnd('Z') | Should -BeExactly $want.ToString('yyyy-MM-ddTHH:mm:ss.fffffff')
        }
    }

    It 'Tokens are given when they are asked for, however often and late' {
        Install-AzAccounts
        $global:Az.Token = { 'token' + $global:Az.TokenCalls.Count }
        foreach ($secure in $true, $false) {
            $global:Az.SecureToken = $secure
            $global:Az.TokenCalls.Clear()
            $fake = New-Program -Name "fake$secure" @'
for i in 1 2 3; do
    echo '{"event":"progress","events":1,"bytes":2097152,"requests":1,"retries":2,"share":0.5,"scopesDone":0,"scopes":2}' >&2
    echo '{"event":"token-needed","reason":"again"}' >&2
    read -r line || exit 3
    echo "$line" >>"$0.tokens"
done
echo '{"event":"error","code":4,"message":"enough","hint":null}' >&2
exit 4
'@
            $null = Assert-Fails Refused { Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AzdalPath $fake }
            [System.IO.File]::ReadAllLines("$fake.tokens") -join '|' | Should -BeExactly 'token1|token2|token3'
            $Az.TokenCalls[0] | Should -BeExactly 'https://management.azure.com/'
        }
    }

    It 'A given token goes out as it is, string or SecureString, each time it is asked for' {
        $secure = [System.Security.SecureString]::new()
        foreach ($c in 'abc.def'.ToCharArray()) { $secure.AppendChar($c) }
        foreach ($token in 'abc.def', $secure) {
            $fake = New-Program 'for i in 1 2; do echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; echo "$t"; done >"$0.tokens"; exit 5'
            $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AccessToken $token -AzdalPath $fake }
            [System.IO.File]::ReadAllText("$fake.tokens") | Should -BeExactly "abc.def`nabc.def`n"
        }
        $null = Assert-Fails Usage { Get-AzDirectoryActivityLog -AccessToken 5 -AzdalPath $fake }
        $null = Assert-Fails Usage { Get-AzDirectoryActivityLog -AccessToken x -TokenCommand y -AzdalPath $fake }
        $null = Assert-Fails NotSignedIn { Get-AzDirectoryActivityLog -AccessToken '' -AzdalPath $fake }
    }

    It 'A token command goes to azdal as it is' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        $null = Assert-Fails Network { Get-AzDirectoryActivityLog -TokenCommand 'az account get-access-token --query "accessToken" -o tsv' -AzdalPath $fake }
        $words = [System.IO.File]::ReadAllLines("$fake.args")
        $words[[array]::IndexOf($words, '--token-command') + 1] | Should -BeExactly 'az account get-access-token --query "accessToken" -o tsv'
        [array]::IndexOf($words, '--token-stdin') -lt 0 | Should -BeTrue
    }

    It 'Without Az and without a token it is NotSignedIn, and no process is started' {
        $fake = New-Program 'touch "$0.started"; exit 0'
        $null = Assert-Fails NotSignedIn { Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AzdalPath $fake }
        Install-AzAccounts
        $global:Az.SignedIn = $false
        $record = Assert-Fails NotSignedIn { Get-AzDirectoryActivityLog -AzdalPath $fake }
        $record.Exception.Message -match 'Connect-AzAccount' | Should -BeTrue -Because $record.Exception.Message
        [System.IO.File]::Exists("$fake.started") | Should -BeFalse
    }

    It 'A renewal that fails ends the run with NotSignedIn and lets the child save its state' {
        Install-AzAccounts
        $global:Az.Token = { throw 'AADSTS50173: the grant has expired' }
        $fake = New-Program @'
echo '{"event":"token-needed","reason":"r"}' >&2
read -r line; echo "$line" >"$0.line"; exit 130
'@
        $record = Assert-Fails NotSignedIn { Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AzdalPath $fake }
        $record.Exception.Message -match 'AADSTS50173' | Should -BeTrue -Because $record.Exception.Message
        [System.IO.File]::ReadAllText("$fake.line") | Should -BeExactly "cancel`n"
    }

    It 'The cloud of the context is the one that is asked' {
        Install-AzAccounts
        $global:Az.Token = 't'
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
        foreach ($pair in @('https://management.azure.com/', '--cloud public'), @('https://management.usgovcloudapi.net/', '--cloud usgov'), @('https://management.chinacloudapi.cn', '--cloud china'), @('https://arm.stack.example/', '--endpoint https://arm.stack.example/')) {
            $global:Az.Manager = $pair[0]
            $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AzdalPath $fake }
            [System.IO.File]::ReadAllText("$fake.args").Replace("`n", ' ').Contains($pair[1]) | Should -BeTrue -Because $pair[0]
        }
        # -Endpoint wins, and the token is still the cloud's.
        $global:Az.Manager = 'https://management.usgovcloudapi.net/'
        $fake2 = New-Program -Name fake2 'printf "%s\n" "$@" >"$0.args"; echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; exit 5'
        $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AzdalPath $fake2 -Endpoint http://127.0.0.1:9 }
        [System.IO.File]::ReadAllText("$fake2.args").Contains("--endpoint`nhttp://127.0.0.1:9") | Should -BeTrue
        $Az.TokenCalls[-1] | Should -BeExactly 'https://management.usgovcloudapi.net/'
    }

    It 'DefaultProfile is the context, and goes to the commands of Az' {
        Install-AzAccounts
        $global:Az.Token = 't'
        $other = [pscustomobject]@{ DefaultContext = [pscustomobject]@{ Tenant = [pscustomobject]@{ Id = 'x' }; Environment = [pscustomobject]@{ ResourceManagerUrl = 'https://management.chinacloudapi.cn/' } } }
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; exit 5'
        $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AzdalPath $fake -DefaultProfile $other }
        [System.IO.File]::ReadAllText("$fake.args").Contains("--cloud`nchina") | Should -BeTrue
        $Az.TokenCalls[0] | Should -BeExactly 'https://management.chinacloudapi.cn/'
    }

    It 'Progress, warnings and notes of the child are records of their own' {
        $fake = New-Program @'
echo '{"event":"progress","events":7,"bytes":1048576,"requests":3,"retries":1,"share":0.25,"scopesDone":1,"scopes":4}' >&2
echo '{"event":"warning","message":"careful"}' >&2
echo '{"event":"note","message":"GET /x"}' >&2
echo '{"event":"error","code":5,"message":"down","hint":null}' >&2
exit 5
'@
        foreach ($level in 'Standard', 'Debug', 'Minimal', 'None') {
            $warned = $null
            try {
                Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake -LogLevel $level -WarningAction SilentlyContinue -WarningVariable warned
            } catch {
                ($_.FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'Network'
            }
            $expected = if ($level -match 'Minimal|None') { '' } else { 'careful' }
            $warned -join '|' | Should -BeExactly $expected -Because $level
        }
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($Module, $Folder, $Fake) Import-Module $Module; Export-AzDirectoryActivityLog $Folder -AccessToken t -AzdalPath $Fake').AddArgument($Module).AddArgument((New-Folder) + '/out').AddArgument($fake)
        $null = $shell.Invoke()
        ($shell.Streams.Error[0].FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'Network'
        $records = @($shell.Streams.Progress | Where-Object { $_.Activity -match 'directory activity log' })
        $shell.Dispose()
        $records.Count | Should -BeExactly 2 -Because 'a record and its end'
        $records[0].PercentComplete | Should -BeExactly 25
        $records[0].StatusDescription | Should -Match '7 events.*1 of 4 scopes'
        $records[1].RecordType | Should -BeExactly 'Completed'
        $records[1].ActivityId | Should -BeExactly $records[0].ActivityId
    }

    It 'Select-Object -First ends Get at once, though the child is blocked on a full pipe' {
        $fake = New-Program @'
echo $$ >"$0.pid"
i=0
while :; do i=$((i+1)); echo "{\"eventDataId\":\"$i\",\"eventTimestamp\":\"2026-11-01T00:00:00Z\"}"; done
'@
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $found = @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake | Select-Object -First 2)
        $clock.ElapsedMilliseconds -lt 8000 | Should -BeTrue -Because "took $($clock.ElapsedMilliseconds) ms"
        ($found | ForEach-Object { $_.EventDataId }) -join ' ' | Should -BeExactly '1 2'
        $id = [int][System.IO.File]::ReadAllText("$fake.pid")
        Wait-For { -not (Test-Alive $id) } 'the child is gone'
    }

    It 'Filters apply before MaxRecord, and MaxRecord alone is left to azdal' {
        $fake = New-Program @'
printf '%s\n' "$@" >"$0.args"
for i in 1 2 3 4 5 6; do echo "{\"eventDataId\":\"$i\",\"caller\":\"c$((i % 2))\",\"status\":{\"value\":\"S$((i % 3))\"},\"correlationId\":\"k\"}"; done
'@
        (Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Caller C0 -MaxRecord 2 | ForEach-Object { $_.EventDataId }) -join ' ' | Should -BeExactly '2 4'
        @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Caller 'C*' -MaxRecord 3).Count | Should -BeExactly 3
        [System.IO.File]::ReadAllText("$fake.args").Contains("--newest`n1000000000") | Should -BeTrue
        (Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -MaxRecord 3 | ForEach-Object { $_.EventDataId }) -join ' ' | Should -BeExactly '1 2 3'
        [System.IO.File]::ReadAllText("$fake.args").Contains("--newest`n3`n") | Should -BeTrue
        (Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Status s0 | ForEach-Object { $_.EventDataId }) -join ' ' | Should -BeExactly '3 6'
        [System.IO.File]::ReadAllText("$fake.args").Contains('--newest') | Should -BeFalse
        @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -CorrelationId K).Count | Should -BeExactly 6
        @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Scope tenant, mg:x).Count | Should -BeExactly 12
        @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Scope tenant, mg:x -MaxRecord 7).Count | Should -BeExactly 7
    }

    It 'Events that came before a failure come out, then the failure' {
        $fake = New-Program @'
echo '{"eventDataId":"1"}'
echo '{"event":"error","code":5,"message":"gone","hint":null}' >&2
exit 5
'@
        $got = [System.Collections.Generic.List[object]]::new()
        $record = Assert-Fails Network { Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake | ForEach-Object { $got.Add($_) } }
        $got.Count | Should -BeExactly 1
    }

    It 'A log that is incomplete does not end Get: the next scope comes out as well' {
        $fake = New-Program 'echo "{\"eventDataId\":\"1\"}"; echo "{\"event\":\"error\",\"code\":9,\"message\":\"standard output: INCOMPLETE\"}" >&2; exit 9'
        $all = @(Get-AzDirectoryActivityLog -Scope 'tenant', 'mg:x' -AccessToken t -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable said)
        ($all | ForEach-Object { $_.LogScope }) -join ' ' | Should -BeExactly 'tenant mg:x'
        ($said | ForEach-Object { $_.FullyQualifiedErrorId }) -join ' ' | Should -BeExactly 'Incomplete,Get-AzDirectoryActivityLog Incomplete,Get-AzDirectoryActivityLog'
        $said[1].TargetObject | Should -BeExactly 'mg:x'
    }

    It 'A flood on standard error does not block the child' {
        $fake = New-Program @'
i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "{\"event\":\"note\",\"message\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}" >&2; done
echo '{"eventDataId":"1"}'
'@
        @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake).Count | Should -BeExactly 1
    }

    It 'Find reads before it writes: a child that talks first does not deadlock' {
        # 300 KB of output before the first byte of input is read: more than any pipe holds.
        $fake = New-Program @'
i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo "{\"rule\":\"early\",\"title\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"; done
n=$(wc -c)
echo "{\"rule\":\"late\",\"title\":\"$n\"}"
'@
        $raw = '{"x":"' + ('y' * 10000) + '"}'
        $all = @(1..60 | ForEach-Object { [pscustomobject]@{ Raw = $raw } } | Find-AzPrivilegedOperation -AzdalPath $fake)
        $all.Count | Should -BeExactly 2001
        $all[-1].Title.Trim() | Should -BeExactly ([string](60 * ($raw.Length + 1)))
    }

    It 'Find gives findings while events still come' {
        $fake = New-Program 'read -r l; echo "{\"rule\":\"first\"}"; cat >/dev/null; echo "{\"rule\":\"last\"}"'
        $order = [System.Collections.Generic.List[string]]::new()
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        & {
            # Events come until there is a finding.
            while ($order.Count -eq 0 -and $clock.Elapsed.TotalSeconds -lt 60) {
                [System.Threading.Thread]::Sleep(5)
                [pscustomobject]@{ Raw = '{"x":"' + ('y' * 1000) + '"}' }
            }
            $order.Add('end')
        } | Find-AzPrivilegedOperation -AzdalPath $fake | ForEach-Object { $order.Add($_.Rule) }
        $order -join ' ' | Should -BeExactly 'first end last'
    }

    It 'A child that ends before its input does is told by its own words' {
        $fake = New-Program "echo 'azdal: it broke' >&2; echo 'azdal: hint: mend it' >&2; exit 6"
        $raw = '{"x":"' + ('y' * 10000) + '"}'
        $record = Assert-Fails LocalIO { 1..100 | ForEach-Object { [pscustomobject]@{ Raw = $raw } } | Find-AzPrivilegedOperation -AzdalPath $fake }
        $record.Exception.Message -match '^it broke' | Should -BeTrue -Because $record.Exception.Message
        $record.ErrorDetails.RecommendedAction | Should -BeExactly 'mend it'
    }

    It 'Status 7 of a reader is an error of the input: what was read comes out and the pipeline goes on' {
        $fake = New-Program "echo '{}'; echo 'azdal: warning: f:3: cut off' >&2; echo 'azdal: 1 damaged place in 1 file' >&2; exit 7"
        $all = @(Find-AzPrivilegedOperation x -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable wrong -WarningAction SilentlyContinue -WarningVariable warned)
        $all.Count | Should -BeExactly 1
        ($wrong[0].FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'Untrusted'
        $warned -join '|' | Should -BeExactly 'f:3: cut off'
    }

    It 'A child that was left behind by a failure upstream is ended by the next call' {
        $fake = New-Program 'echo $$ >"$0.pid"; exec cat >/dev/null'
        try {
            1..3 | ForEach-Object { if ($_ -eq 3) { throw 'upstream' }; [pscustomobject]@{ Raw = '{"x":1}' } } | Find-AzPrivilegedOperation -AzdalPath $fake
            throw 'no failure'
        } catch {
            $_.Exception.Message -match 'upstream' | Should -BeTrue -Because $_.Exception.Message
        }
        Wait-For { [System.IO.File]::Exists("$fake.pid") -and [System.IO.File]::ReadAllText("$fake.pid").Length -gt 1 } 'the child started'
        $id = [int][System.IO.File]::ReadAllText("$fake.pid")
        (Test-Alive $id) | Should -BeTrue -Because 'the child waits for input that does not come'
        $other = New-Program -Name other 'exit 0'
        $null = Find-AzPrivilegedOperation x -AzdalPath $other
        Wait-For { -not (Test-Alive $id) } 'the child is gone'
    }

    It 'A call inside a pipeline leaves the child of that pipeline alone' {
        $fake = New-Program 'cat >/dev/null; echo "{\"rule\":\"outer\"}"'
        $other = New-Program -Name other 'echo "{\"rule\":\"inner\"}"'
        $inner = 0
        $all = @(1..3 | ForEach-Object { [pscustomobject]@{ Raw = '{"x":1}' }; foreach ($one in Find-AzPrivilegedOperation x -AzdalPath $other) { $inner++ } } | Find-AzPrivilegedOperation -AzdalPath $fake)
        ($all | ForEach-Object { $_.Rule }) -join ' ' | Should -BeExactly 'outer'
        $inner | Should -BeExactly 3
    }

    It 'Removing the module ends its children' {
        $fake = New-Program 'echo $$ >"$0.pid"; exec cat >/dev/null'
        try {
            1..2 | ForEach-Object { if ($_ -eq 2) { throw 'upstream' }; [pscustomobject]@{ Raw = '{"x":1}' } } | Find-AzPrivilegedOperation -AzdalPath $fake
        } catch {
            $null = $_
        }
        Wait-For { [System.IO.File]::Exists("$fake.pid") -and [System.IO.File]::ReadAllText("$fake.pid").Length -gt 1 } 'the child started'
        $id = [int][System.IO.File]::ReadAllText("$fake.pid")
        Remove-Module AzDirectoryActivityLog
        try {
            Wait-For { -not (Test-Alive $id) } 'the child is gone'
        } finally {
            # In pwsh the tests behind this one share the session.
            Import-Module -Name $Module -Force
        }
    }

    It 'Find on something that is no event and no file is an error, and the rest goes on' {
        $fake = New-Program 'cat >/dev/null; echo "{\"rule\":\"r\"}"'
        $all = @(@(5, [pscustomobject]@{ Raw = '{"x":1}' }, [pscustomobject]@{ Raw = $null }) | Find-AzPrivilegedOperation -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable wrong)
        $all.Count | Should -BeExactly 1
        $wrong.Count | Should -BeExactly 1 -Because 'ten thousand of them would say no more'
        ($wrong[0].FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'InvalidInput'
    }

    It 'Find takes files and results from the pipeline as paths' {
        $fake = New-Program 'printf "%s\n" "$@" >"$0.args"'
        $file = New-File 'a.json' '{}'
        $named = New-File 'named.json' '{}'
        $export = [System.IO.Path]::Combine((New-Folder), 'export')
        $null = [System.IO.Directory]::CreateDirectory("$export/subscriptions")
        Push-Location (New-Folder)
        try {
            [System.IO.FileInfo]::new($file), [pscustomobject]@{ Path = $export }, 'named.json' | Find-AzPrivilegedOperation -AzdalPath $fake -MinimumSeverity High -Caller c -Operation 'o*'
        } finally {
            Pop-Location
        }
        [System.IO.File]::ReadAllLines("$fake.args") -join '|' | Should -BeExactly "scan|--format|ndjson|--operation|o*|--caller|c|--min-severity|high|--|$file|$export|$named"
    }

    It 'Findings of piped events name the file and line that the events came from' {
        $fake = New-Program 'cat >/dev/null; for i in 1 2 3 4 5 6; do echo "{\"rule\":\"r\",\"sourcePath\":\"-\",\"sourceLine\":$i,\"logScope\":null}"; done'
        $event7 = { param($path, $line, $scope) [pscustomobject]@{ Raw = '{"x":1}'; SourcePath = $path; SourceLine = $line; LogScope = $scope } }
        $all = @((& $event7 a 10 tenant), (& $event7 a 11 tenant), (& $event7 a 20 tenant), (& $event7 b 21 'mg:x'), [pscustomobject]@{ Raw = '{"x":1}' }) | Find-AzPrivilegedOperation -AzdalPath $fake
        ($all | ForEach-Object { '{0}:{1}' -f $_.SourcePath, $_.SourceLine }) -join ' ' | Should -BeExactly 'a:10 a:11 a:20 b:21 : -:6'
        ($all[0..3] | ForEach-Object { $_.LogScope }) -join ' ' | Should -BeExactly 'tenant tenant tenant mg:x'
    }

    It 'WhatIf starts nothing and makes nothing' {
        $fake = New-Program 'touch "$0.started"'
        $folder = (New-Folder) + '/a/b'
        $out = @(Export-AzDirectoryActivityLog -Path $folder -AzdalPath $fake -WhatIf)
        $out.Count | Should -BeExactly 0
        [System.IO.Directory]::Exists((New-Folder) + '/a') | Should -BeFalse
        [System.IO.File]::Exists("$fake.started") | Should -BeFalse
    }

    It 'A path of another provider is refused' {
        $fake = New-Program 'exit 0'
        $null = Assert-Fails LocalIO { Export-AzDirectoryActivityLog -Path 'function:x' -AccessToken t -AzdalPath $fake }
        $null = Assert-Fails LocalIO { Import-AzDirectoryActivityLog 'function:x' -AzdalPath $fake }
    }

    It 'An event that ConvertFrom-Json refuses still comes out of Get, with one warning' {
        $fake = New-Program @'
cat <<'X'
{"eventDataId":"1","caller":"a"}
{"authorization":{"action":"x/y","scope":"/"},"caller":"a\u0040b","eventDataId":"2","eventTimestamp":"2026-11-01T10:00:00.1234567Z","operationName":{"value":"x/y","localizedValue":"z"},"claims":{"Name":"1","name":"2"},"properties":{"a":"{\"b\":[1,{}]}"},"httpRequest":{"method":"PUT"}}
{"eventDataId":"3","properties":{"":1},"status":{"value":"Succeeded"},"level":null,"n":12e3}
{"eventDataId":"4","claims":{"ok":"yes"}}
X
'@
        $all = @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -WarningAction SilentlyContinue -WarningVariable warned)
        ($all | ForEach-Object { $_.EventDataId }) -join ' ' | Should -BeExactly '1 2 3 4'
        $warned.Count | Should -BeExactly 2
        $all[1].Caller | Should -BeExactly 'a@b'
        $all[1].Authorization.Action | Should -BeExactly 'x/y'
        $all[1].OperationName | Should -BeExactly 'x/y'
        $all[1].EventTimestamp.ToString('fffffff') | Should -BeExactly '1234567'
        $all[1].EventTimestamp.Kind | Should -BeExactly 'Utc'
        $all[1].Claims | Should -BeExactly $null
        $all[1].Properties | Should -BeExactly $null
        $all[2].Status | Should -BeExactly 'Succeeded'
        $all[1].Raw -match '^\{"authorization".*\}\}$' | Should -BeTrue -Because 'Raw is whole'
        $all[3].Claims.ok | Should -BeExactly 'yes'
    }

    It 'The access check knows a token of another tenant, and a right at the subscription alone' {
        Install-AzAccounts
        $global:Az.Token = 'opaque'
        $fake = New-Program @'
echo '{"event":"token-needed","reason":"r"}' >&2; read -r t
echo '{"event":"error","code":3,"message":"tenant: HTTP 401 InvalidAuthenticationTokenTenant: The access token is from the wrong issuer","hint":"h"}' >&2
exit 3
'@
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
        "$($answer.HasAccess) $($answer.Reason) $($answer.Remedy)" | Should -BeExactly 'False WrongTenant Connect-AzAccount'
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake -TenantId 'it''s; bad'
        $answer.Reason | Should -BeExactly 'WrongTenant'
        $answer.Remedy | Should -BeExactly "Connect-AzAccount -Tenant 'it''s; bad'" -Because 'what is shown to be copied is quoted'

        $global:Az.Subscription = '5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6'
        $fake = New-Program -Name fake2 @'
echo "$*" >>"$0.args"
echo '{"event":"token-needed","reason":"r"}' >&2; read -r t
case "$*" in *--scope\ sub:*) echo '{}'; exit 0;; esac
echo '{"event":"error","code":3,"message":"tenant: HTTP 403 AuthorizationFailed: no","hint":"h"}' >&2
exit 3
'@
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
        "$($answer.HasAccess) $($answer.Reason)" | Should -BeExactly 'False SomeScopes'
        ($answer.Scopes | ForEach-Object { "$($_.Scope):$($_.HasAccess)" }) -join ' ' | Should -BeExactly 'tenant:False sub:5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6:True'
        $answer.Remedy | Should -BeExactly 'New-AzRoleAssignment -SignInName analyst@contoso.example -RoleDefinitionName Reader -Scope /providers/Microsoft.Insights'
        # Nothing that it runs changes anything.
        foreach ($line in [System.IO.File]::ReadAllLines("$fake.args")) { $line.StartsWith('acquire --stdout --newest 1 ') | Should -BeTrue -Because $line }

        $fake = New-Program -Name fake3 'echo "{\"event\":\"error\",\"code\":5,\"message\":\"no route\",\"hint\":\"look\"}" >&2; exit 5'
        $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
        "$($answer.HasAccess) $($answer.Reason) $($answer.Message) $($answer.Remedy)" | Should -BeExactly 'False Network no route look'
    }

    It 'Import and Test take files from the pipeline' {
        $file = [System.IO.FileInfo]::new("$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json")
        @($file | Import-AzDirectoryActivityLog -AzdalPath $Azdal).Count | Should -BeExactly 1
        @($file, $file | Import-AzDirectoryActivityLog -AzdalPath $Azdal).Count | Should -BeExactly 2
        ([System.IO.DirectoryInfo]::new((New-Folder)) | Test-AzDirectoryActivityLog -Quiet -AzdalPath $Azdal) | Should -BeExactly $false
        $null = Assert-Fails LocalIO { Import-AzDirectoryActivityLog '/nowhere/at/all' -AzdalPath $Azdal }
    }

    It 'An activation of PIM, from its event to its state' {
        $file = New-File 'pim.ndjson' ('{"authorization":{"action":"Microsoft.Authorization/roleAssignmentScheduleRequests/write","scope":"GROUP/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/c0ffee00-0000-4000-8000-000000000001"},"caller":"a@contoso.example","correlationId":"k1","eventDataId":"1","eventTimestamp":"2026-11-20T10:00:00Z","operationName":{"value":"Microsoft.Authorization/roleAssignmentScheduleRequests/write"},"resourceId":"GROUP/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/c0ffee00-0000-4000-8000-000000000001","status":{"value":"Succeeded"},"properties":{"requestbody":"{\"properties\":{\"principalId\":\"aaaaaaaa-0000-0000-0000-000000000001\",\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\",\"requestType\":\"SelfActivate\"}}"}}'.Replace('GROUP', $Group))
        $finding = Find-AzPrivilegedOperation $file -AzdalPath $Azdal
        $finding.Rule | Should -BeExactly 'pim-schedule'
        $event7 = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
        foreach ($one in $finding, $event7) {
            ($one | Join-AzRoleAssignment -RoleAssignment (New-Row 'other-name' $Group)).State | Should -BeExactly 'Active'
            $gone = $one | Join-AzRoleAssignment -RoleAssignment (New-Row 'other-name' $Group -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002')
            "$($gone.State) $($gone.StateReason)" | Should -BeExactly 'Unknown NotListed'
        }
    }

    It 'Select-Object -First ends Import and Find at once as well' {
        $fixture = "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json"
        $null = New-File rows (Invoke-Program $Azdal @('cat', '--format', 'columns', $fixture))
        $fake = New-Program @'
echo $$ >"$0.pid"
while [ "$1" = cat ]; do cat "${0%/*}/rows"; done
while :; do echo '{"rule":"again"}'; done
'@
        foreach ($body in { Import-AzDirectoryActivityLog x -AzdalPath $fake }, { Find-AzPrivilegedOperation x -AzdalPath $fake },
            { 1..100000 | ForEach-Object { [pscustomobject]@{ Raw = '{"x":"' + ('y' * 2000) + '"}' } } | Find-AzPrivilegedOperation -AzdalPath $fake }) {
            $got = @(& $body | Select-Object -First 2)
            $got.Count | Should -BeExactly 2
            $id = [int][System.IO.File]::ReadAllText("$fake.pid")
            Wait-For { -not (Test-Alive $id) } "the child of $body is gone"
        }
    }
}
