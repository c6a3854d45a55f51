# The child process: what it may do wrong, and what the pipeline may do to it. The programs here are
# shell scripts that stand in for azdal, so that each does exactly the wrong thing.

Test 'A helper that is not there is HelperNotFound' {
    $record = Assert-Fails HelperNotFound { Import-AzDirectoryActivityLog x -AzdalPath /nowhere/azdal }
    Assert-True ($record.Exception.Message -match '/nowhere/azdal') $record.Exception.Message
    $before = $env:PATH
    try {
        $env:PATH = (New-Folder)
        $record = Assert-Fails HelperNotFound { Find-AzPrivilegedOperation x }
        Assert-True ($record.Exception.Message -match '-AzdalPath') $record.Exception.Message
        # On the PATH it is found.
        $null = New-Program -Name azdal 'echo {}'
        Assert-Equal 1 @(Find-AzPrivilegedOperation x).Count
    } finally {
        $env:PATH = $before
    }
}

Test 'A helper without its execute bit says how to mend it' {
    $fake = New-Program 'exit 0'
    [System.IO.File]::SetUnixFileMode($fake, [System.IO.UnixFileMode]'UserRead, UserWrite')
    $record = Assert-Fails HelperNotFound { Import-AzDirectoryActivityLog x -AzdalPath $fake }
    Assert-True ($record.Exception.Message -match 'chmod \+x') $record.Exception.Message
    Assert-True ($record.ErrorDetails.RecommendedAction -match 'chmod') 'the hint is in RecommendedAction too'
}

Test 'More paths than a command line takes are told as that' {
    $fake = New-Program 'exit 0'
    $many = 1..30000 | ForEach-Object { '/a-folder-with-a-long-name/that-holds-many-files/each-of-which-has-a-long-name-as-well/file-' + $_ }
    foreach ($call in { $many | Import-AzDirectoryActivityLog -AzdalPath $fake }, { Find-AzPrivilegedOperation -Path $many -AzdalPath $fake }) {
        $record = Assert-Fails Usage $call
        Assert-True $record.Exception.Message.Contains('command line') $record.Exception.Message
        Assert-True $record.Exception.Message.Contains('folder') $record.Exception.Message
    }
}

Test 'A program that is no azdal, or one of another generation, is HelperVersion' {
    foreach ($says in 'hello', 'azdal 1.0.0', 'azdal 0.0.9', '') {
        $fake = New-File ([guid]::NewGuid().ToString('N')) "#!/bin/sh`necho '$says'`n"
        [System.IO.File]::SetUnixFileMode($fake, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
        $null = Assert-Fails HelperVersion { Import-AzDirectoryActivityLog x -AzdalPath $fake }
    }
    $fake = New-File later "#!/bin/sh`necho 'azdal 0.7.3'`n"
    [System.IO.File]::SetUnixFileMode($fake, [System.IO.UnixFileMode]'UserRead, UserWrite, UserExecute')
    $null = Assert-Fails HelperVersion { Import-AzDirectoryActivityLog x -AzdalPath $fake | Where-Object { $_ } }
}

Test 'Each exit status of an export has its error id, message and hint' {
    $ids = @{ 1 = 'Internal'; 2 = 'Usage'; 3 = 'NotAuthorised'; 4 = 'Refused'; 5 = 'Network'; 6 = 'LocalIO'; 7 = 'Untrusted'; 8 = 'ForeignState'; 130 = 'Interrupted' }
    foreach ($code in $ids.Keys) {
        $fake = New-Program -Name "fake$code" @"
echo '{"event":"error","code":$code,"message":"what: which: why","hint":"do that"}' >&2
exit $code
"@
        $record = Assert-Fails $ids[$code] { Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake }
        Assert-True ($record.Exception.Message.StartsWith('what: which: why')) $record.Exception.Message
        Assert-Equal 'do that' $record.ErrorDetails.RecommendedAction
        Assert-True ($record.TargetObject -match '/out$') "target: $($record.TargetObject)"
    }
    $fake = New-Program -Name silent 'exit 77'
    $record = Assert-Fails Internal { Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake }
    Assert-True ($record.Exception.Message -match 'status 77') $record.Exception.Message
}

Test 'Status 9 gives the result and an error that does not end the pipeline' {
    $fake = New-Program @'
for last; do :; done
mkdir -p "$last"
echo '{"schema":1,"query":{"since":"2026-11-01T00:00:00Z","until":"2026-11-02T00:00:00Z","scopes":["all"],"clamped":true},"started":"2026-11-22T10:00:00Z","finished":"2026-11-22T10:00:09Z","verdict":"INCOMPLETE","identity":null,"roleAssignments":null,"scopes":[{"scope":"tenant","status":"complete","error":null,"settledUntil":"2026-11-01T23:00:00Z","events":3,"firstEvent":"2026-11-01T01:00:00.1234567Z","lastEvent":"2026-11-01T02:00:00Z","requests":2,"retries":1,"files":[{"path":"tenant.ndjson.gz"}]},{"scope":"sub:x","status":"forbidden","error":{"code":"AuthorizationFailed","message":"no"},"settledUntil":null,"events":0,"firstEvent":null,"lastEvent":null,"requests":1,"retries":0,"files":[]}]}' >"$last/manifest.json"
echo '{"event":"warning","message":"start moved"}' >&2
echo '{"event":"done","verdict":"INCOMPLETE","manifest":"m","sha256":"abc"}' >&2
echo '{"event":"error","code":9,"message":"sub:x: HTTP 403","hint":null}' >&2
exit 9
'@
    $out = @(Export-AzDirectoryActivityLog -Path ((New-Folder) + '/out') -AccessToken t -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable wrong -WarningAction SilentlyContinue -WarningVariable warned)
    Assert-Equal 1 $out.Count
    Assert-Equal 'Incomplete' ($wrong[0].FullyQualifiedErrorId -split ',')[0]
    Assert-Equal 'sub:x: HTTP 403' $wrong[0].Exception.Message
    Assert-Equal 'INCOMPLETE' $out[0].Verdict
    Assert-Equal 9 $out[0].ExitCode
    Assert-Equal 3 $out[0].EventCount
    Assert-Equal 'abc' $out[0].ManifestSha256
    Assert-Equal 3 $out[0].Requests
    Assert-Equal 1 $out[0].Retries
    Assert-Equal 9 $out[0].Duration.TotalSeconds
    Assert-Equal $true $out[0].Clamped
    Assert-Equal 'Utc' $out[0].StartTime.Kind
    Assert-Equal '1234567' $out[0].FirstEvent.ToString('fffffff')
    Assert-Equal 'start moved' ($out[0].Warnings -join '|')
    Assert-Equal 'start moved' ($warned -join '|')
    Assert-Equal 'AuthorizationFailed' $out[0].Scopes[1].ErrorCode
    Assert-Equal $null $out[0].TenantId
}

Test 'Arguments and text are UTF-8 and arrive as they are' {
    $fake = New-Program @'
for a; do printf '%s\n' "$a" >>"$0.args"; done
echo '{"event":"error","code":6,"message":"Gr\u00fc\u00dfe \u4e2d\u6587 grüße","hint":null}' >&2
exit 6
'@
    $folder = (New-Folder) + "/o'dd `"q`" " + [char]0xe9 + [char]0x4e2d + ' $x `y`'
    $gruesse = 'Gr' + [char]0xfc + [char]0xdf + 'e ' + [char]0x4e2d + [char]0x6587 + ' gr' + [char]0xfc + [char]0xdf + 'e'
    $record = Assert-Fails LocalIO { Export-AzDirectoryActivityLog -Path $folder -AccessToken t -AzdalPath $fake -Scope 'mg:a b"c\', 'tenant' }
    Assert-Equal $gruesse $record.Exception.Message
    $words = [System.IO.File]::ReadAllLines("$fake.args")
    Assert-Equal $folder $words[-1]
    Assert-Equal '--' $words[-2]
    Assert-True ([array]::IndexOf($words, 'mg:a b"c\') -gt 0) 'the scope is one argument'
}

Test 'Parameters become options by the table' {
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
    $null = Assert-Fails Network {
        Export-AzDirectoryActivityLog -OutputDir ((New-Folder) + '/out') -AzdalPath $fake -AccessToken t -StartDate ([datetime]::new(2026, 11, 1, 0, 0, 0, [System.DateTimeKind]::Utc)) -EndDate '2026-11-02T00:00:00Z' -Scope all, mg:x -IncludeRoleAssignment -Split Day -Strict -Restart:$false -Connection 4 -Level 9 -CertificatePath ca.pem -LogLevel Debug -Endpoint http://127.0.0.1:1
    }
    $words = [System.IO.File]::ReadAllText("$fake.args").Replace("`n", ' ')
    foreach ($part in '^acquire ', ' --progress json ', ' --scope all --scope mg:x ', ' --since 2026-11-01T00:00:00.0000000Z ', ' --until 2026-11-02T00:00:00.0000000Z ', ' --role-assignments ', ' --split day ', ' --strict ', ' --connections 4 ', ' --level 9 ', ' --cacert /\S*/ca.pem ', ' --verbose ', ' --endpoint http://127.0.0.1:1 ', ' --token-stdin ') {
        Assert-True ($words -match $part) "$part is missing in: $words"
    }
    Assert-True ($words -notmatch '--restart|--cloud') $words
}

Test 'Local and unspecified times are local, and go out as UTC' {
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
    $zone = [System.TimeZoneInfo]::Local
    foreach ($kind in 'Local', 'Unspecified', 'Utc') {
        $time = [datetime]::SpecifyKind([datetime]::new(2026, 7, 1, 12, 0, 0).AddTicks(1234567), [System.DateTimeKind]$kind)
        $null = Assert-Fails Network { Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AzdalPath $fake -AccessToken t -StartTime $time }
        $words = [System.IO.File]::ReadAllLines("$fake.args")
        $got = $words[[array]::IndexOf($words, '--since') + 1]
        $want = $time
        if ($kind -ne 'Utc') { $want = $time - $zone.GetUtcOffset([datetime]::SpecifyKind($time, [System.DateTimeKind]::Unspecified)) }
        Assert-Equal $want.ToString('yyyy-MM-ddTHH:mm:ss.fffffff') $got.TrimEnd('Z')
    }
}

Test 'Tokens are given when they are asked for, however often and late' {
    Install-AzAccounts
    $global:Az.Token = { 'token' + $global:Az.TokenCalls.Count }
    foreach ($secure in $true, $false) {
        $global:Az.SecureToken = $secure
        $global:Az.TokenCalls.Clear()
        $fake = New-Program -Name "fake$secure" @'
for last; do :; done
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
        Assert-Equal 'token1|token2|token3' ([System.IO.File]::ReadAllLines("$fake.tokens") -join '|')
        Assert-Equal 'https://management.azure.com/' $Az.TokenCalls[0]
    }
}

Test 'A given token goes out as it is, string or SecureString, each time it is asked for' {
    $secure = [System.Security.SecureString]::new()
    foreach ($c in 'abc.def'.ToCharArray()) { $secure.AppendChar($c) }
    foreach ($token in 'abc.def', $secure) {
        $fake = New-Program 'for i in 1 2; do echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; echo "$t"; done >"$0.tokens"; exit 5'
        $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AccessToken $token -AzdalPath $fake }
        Assert-Equal "abc.def`nabc.def`n" ([System.IO.File]::ReadAllText("$fake.tokens"))
    }
    $null = Assert-Fails Usage { Get-AzDirectoryActivityLog -AccessToken 5 -AzdalPath $fake }
    $null = Assert-Fails Usage { Get-AzDirectoryActivityLog -AccessToken x -TokenCommand y -AzdalPath $fake }
    $null = Assert-Fails NotSignedIn { Get-AzDirectoryActivityLog -AccessToken '' -AzdalPath $fake }
}

Test 'A token command goes to azdal as it is' {
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
    $null = Assert-Fails Network { Get-AzDirectoryActivityLog -TokenCommand 'az account get-access-token --query "accessToken" -o tsv' -AzdalPath $fake }
    $words = [System.IO.File]::ReadAllLines("$fake.args")
    Assert-Equal 'az account get-access-token --query "accessToken" -o tsv' $words[[array]::IndexOf($words, '--token-command') + 1]
    Assert-True ([array]::IndexOf($words, '--token-stdin') -lt 0)
}

Test 'Without Az and without a token it is NotSignedIn, and no process is started' {
    $fake = New-Program 'touch "$0.started"; exit 0'
    $null = Assert-Fails NotSignedIn { Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AzdalPath $fake }
    Install-AzAccounts
    $global:Az.SignedIn = $false
    $record = Assert-Fails NotSignedIn { Get-AzDirectoryActivityLog -AzdalPath $fake }
    Assert-True ($record.Exception.Message -match 'Connect-AzAccount') $record.Exception.Message
    Assert-True (-not [System.IO.File]::Exists("$fake.started"))
}

Test 'A renewal that fails ends the run with NotSignedIn and lets the child save its state' {
    Install-AzAccounts
    $global:Az.Token = { throw 'AADSTS50173: the grant has expired' }
    $fake = New-Program @'
echo '{"event":"token-needed","reason":"r"}' >&2
read -r line; echo "$line" >"$0.line"; exit 130
'@
    $record = Assert-Fails NotSignedIn { Export-AzDirectoryActivityLog ((New-Folder) + '/out') -AzdalPath $fake }
    Assert-True ($record.Exception.Message -match 'AADSTS50173') $record.Exception.Message
    Assert-Equal "cancel`n" ([System.IO.File]::ReadAllText("$fake.line"))
}

Test 'The cloud of the context is the one that is asked' {
    Install-AzAccounts
    $global:Az.Token = 't'
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; exit 5'
    foreach ($pair in @('https://management.azure.com/', '--cloud public'), @('https://management.usgovcloudapi.net/', '--cloud usgov'), @('https://management.chinacloudapi.cn', '--cloud china'), @('https://arm.stack.example/', '--endpoint https://arm.stack.example/')) {
        $global:Az.Manager = $pair[0]
        $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AzdalPath $fake }
        Assert-True ([System.IO.File]::ReadAllText("$fake.args").Replace("`n", ' ').Contains($pair[1])) $pair[0]
    }
    # -Endpoint wins, and the token is still the cloud's.
    $global:Az.Manager = 'https://management.usgovcloudapi.net/'
    $fake2 = New-Program -Name fake2 'printf "%s\n" "$@" >"$0.args"; echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; exit 5'
    $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AzdalPath $fake2 -Endpoint http://127.0.0.1:9 }
    Assert-True ([System.IO.File]::ReadAllText("$fake2.args").Contains("--endpoint`nhttp://127.0.0.1:9"))
    Assert-Equal 'https://management.usgovcloudapi.net/' $Az.TokenCalls[-1]
}

Test 'DefaultProfile is the context, and goes to the commands of Az' {
    Install-AzAccounts
    $global:Az.Token = 't'
    $other = [pscustomobject]@{ DefaultContext = [pscustomobject]@{ Tenant = [pscustomobject]@{ Id = 'x' }; Environment = [pscustomobject]@{ ResourceManagerUrl = 'https://management.chinacloudapi.cn/' } } }
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"; echo "{\"event\":\"token-needed\",\"reason\":\"r\"}" >&2; read -r t; exit 5'
    $null = Assert-Fails Network { Get-AzDirectoryActivityLog -AzdalPath $fake -DefaultProfile $other }
    Assert-True ([System.IO.File]::ReadAllText("$fake.args").Contains("--cloud`nchina"))
    Assert-Equal 'https://management.chinacloudapi.cn/' $Az.TokenCalls[0]
}

Test 'Progress, warnings and notes of the child are records of their own' {
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
            Assert-Equal 'Network' ($_.FullyQualifiedErrorId -split ',')[0]
        }
        $expected = if ($level -match 'Minimal|None') { '' } else { 'careful' }
        Assert-Equal $expected ($warned -join '|') $level
    }
    if ($global:TestHost) {
        $records = @($TestHost.Progress | Where-Object { $_.Activity -match 'directory activity log' })
        Assert-Equal 25 $records[0].PercentComplete
        Assert-True ($records[0].StatusDescription -match '7 events.*1 of 4 scopes') $records[0].StatusDescription
        Assert-Equal 4 $records.Count 'two runs show progress, each a record and its end'
        Assert-True ($records[1].RecordType -eq 'Completed') 'the last record completes the activity'
        Assert-Equal $records[0].ActivityId $records[1].ActivityId
    }
}

Test 'Select-Object -First ends Get at once, though the child is blocked on a full pipe' {
    $fake = New-Program @'
echo $$ >"$0.pid"
i=0
while :; do i=$((i+1)); echo "{\"eventDataId\":\"$i\",\"eventTimestamp\":\"2026-11-01T00:00:00Z\"}"; done
'@
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $found = @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake | Select-Object -First 2)
    Assert-True ($clock.ElapsedMilliseconds -lt 8000) "took $($clock.ElapsedMilliseconds) ms"
    Assert-Equal '1 2' (($found | ForEach-Object { $_.EventDataId }) -join ' ')
    $id = [int][System.IO.File]::ReadAllText("$fake.pid")
    Wait-For { -not (Test-Alive $id) } 'the child is gone'
}

Test 'Filters apply before MaxRecord, and MaxRecord alone is left to azdal' {
    $fake = New-Program @'
printf '%s\n' "$@" >"$0.args"
for i in 1 2 3 4 5 6; do echo "{\"eventDataId\":\"$i\",\"caller\":\"c$((i % 2))\",\"status\":{\"value\":\"S$((i % 3))\"},\"correlationId\":\"k\"}"; done
'@
    Assert-Equal '2 4' ((Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Caller C0 -MaxRecord 2 | ForEach-Object { $_.EventDataId }) -join ' ')
    Assert-True ([System.IO.File]::ReadAllText("$fake.args").Contains("--newest`n1000000000"))
    Assert-Equal '1 2 3' ((Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -MaxRecord 3 | ForEach-Object { $_.EventDataId }) -join ' ')
    Assert-True ([System.IO.File]::ReadAllText("$fake.args").Contains("--newest`n3`n"))
    Assert-Equal '3 6' ((Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Status s0 | ForEach-Object { $_.EventDataId }) -join ' ')
    Assert-True (-not [System.IO.File]::ReadAllText("$fake.args").Contains('--newest'))
    Assert-Equal 6 @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -CorrelationId K).Count
    Assert-Equal 12 @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Scope tenant, mg:x).Count
    Assert-Equal 7 @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -Scope tenant, mg:x -MaxRecord 7).Count
}

Test 'Events that came before a failure come out, then the failure' {
    $fake = New-Program @'
echo '{"eventDataId":"1"}'
echo '{"event":"error","code":5,"message":"gone","hint":null}' >&2
exit 5
'@
    $got = [System.Collections.Generic.List[object]]::new()
    $record = Assert-Fails Network { Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake | ForEach-Object { $got.Add($_) } }
    Assert-Equal 1 $got.Count
}

Test 'A log that is incomplete does not end Get: the next scope comes out as well' {
    $fake = New-Program 'echo "{\"eventDataId\":\"1\"}"; echo "{\"event\":\"error\",\"code\":9,\"message\":\"standard output: INCOMPLETE\"}" >&2; exit 9'
    $all = @(Get-AzDirectoryActivityLog -Scope 'tenant', 'mg:x' -AccessToken t -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable said)
    Assert-Equal 'tenant mg:x' (($all | ForEach-Object { $_.LogScope }) -join ' ')
    Assert-Equal 'Incomplete,Get-AzDirectoryActivityLog Incomplete,Get-AzDirectoryActivityLog' (($said | ForEach-Object { $_.FullyQualifiedErrorId }) -join ' ')
    Assert-Equal 'mg:x' $said[1].TargetObject
}

Test 'A flood on standard error does not block the child' {
    $fake = New-Program @'
i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "{\"event\":\"note\",\"message\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}" >&2; done
echo '{"eventDataId":"1"}'
'@
    Assert-Equal 1 @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake).Count
}

Test 'Find reads before it writes: a child that talks first does not deadlock' {
    # 300 KB of output before the first byte of input is read: more than any pipe holds.
    $fake = New-Program @'
i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo "{\"rule\":\"early\",\"title\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"; done
n=$(wc -c)
echo "{\"rule\":\"late\",\"title\":\"$n\"}"
'@
    $raw = '{"x":"' + ('y' * 10000) + '"}'
    $all = @(1..60 | ForEach-Object { [pscustomobject]@{ Raw = $raw } } | Find-AzPrivilegedOperation -AzdalPath $fake)
    Assert-Equal 2001 $all.Count
    Assert-Equal ([string](60 * ($raw.Length + 1))) $all[-1].Title.Trim()
}

Test 'Find gives findings while events still come' {
    $fake = New-Program 'read -r l; echo "{\"rule\":\"first\"}"; cat >/dev/null; echo "{\"rule\":\"last\"}"'
    $order = [System.Collections.Generic.List[string]]::new()
    1..400 | ForEach-Object { if ($_ -eq 400) { [System.Threading.Thread]::Sleep(200) }; $order.Add('e'); [pscustomobject]@{ Raw = '{"x":"' + ('y' * 1000) + '"}' } } |
        Find-AzPrivilegedOperation -AzdalPath $fake | ForEach-Object { $order.Add($_.Rule) }
    Assert-True ($order.IndexOf('first') -lt 400) "the first finding came at $($order.IndexOf('first'))"
    Assert-Equal 'last' $order[-1]
}

Test 'A child that ends before its input does is told by its own words' {
    $fake = New-Program "echo 'azdal: it broke' >&2; echo 'azdal: hint: mend it' >&2; exit 6"
    $raw = '{"x":"' + ('y' * 10000) + '"}'
    $record = Assert-Fails LocalIO { 1..100 | ForEach-Object { [pscustomobject]@{ Raw = $raw } } | Find-AzPrivilegedOperation -AzdalPath $fake }
    Assert-True ($record.Exception.Message -match '^it broke') $record.Exception.Message
    Assert-Equal 'mend it' $record.ErrorDetails.RecommendedAction
}

Test 'Status 7 of a reader is an error of the input: what was read comes out and the pipeline goes on' {
    $fake = New-Program "echo '{}'; echo 'azdal: warning: f:3: cut off' >&2; echo 'azdal: 1 damaged place in 1 file' >&2; exit 7"
    $all = @(Find-AzPrivilegedOperation x -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable wrong -WarningAction SilentlyContinue -WarningVariable warned)
    Assert-Equal 1 $all.Count
    Assert-Equal 'Untrusted' ($wrong[0].FullyQualifiedErrorId -split ',')[0]
    Assert-Equal 'f:3: cut off' ($warned -join '|')
}

Test 'A child that was left behind by a failure upstream is ended by the next call' {
    $fake = New-Program 'echo $$ >"$0.pid"; exec cat >/dev/null'
    try {
        1..3 | ForEach-Object { if ($_ -eq 3) { throw 'upstream' }; [pscustomobject]@{ Raw = '{"x":1}' } } | Find-AzPrivilegedOperation -AzdalPath $fake
        throw 'no failure'
    } catch {
        Assert-True ($_.Exception.Message -match 'upstream') $_.Exception.Message
    }
    Wait-For { [System.IO.File]::Exists("$fake.pid") -and [System.IO.File]::ReadAllText("$fake.pid").Length -gt 1 } 'the child started'
    $id = [int][System.IO.File]::ReadAllText("$fake.pid")
    Assert-True (Test-Alive $id) 'the child waits for input that does not come'
    $other = New-Program -Name other 'exit 0'
    $null = Find-AzPrivilegedOperation x -AzdalPath $other
    Wait-For { -not (Test-Alive $id) } 'the child is gone'
}

Test 'A call inside a pipeline leaves the child of that pipeline alone' {
    $fake = New-Program 'cat >/dev/null; echo "{\"rule\":\"outer\"}"'
    $other = New-Program -Name other 'echo "{\"rule\":\"inner\"}"'
    $inner = 0
    $all = @(1..3 | ForEach-Object { [pscustomobject]@{ Raw = '{"x":1}' }; foreach ($one in Find-AzPrivilegedOperation x -AzdalPath $other) { $inner++ } } | Find-AzPrivilegedOperation -AzdalPath $fake)
    Assert-Equal 'outer' (($all | ForEach-Object { $_.Rule }) -join ' ')
    Assert-Equal 3 $inner
}

Test 'Removing the module ends its children' {
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

Test 'Find on something that is no event and no file is an error, and the rest goes on' {
    $fake = New-Program 'cat >/dev/null; echo "{\"rule\":\"r\"}"'
    $all = @(@(5, [pscustomobject]@{ Raw = '{"x":1}' }, [pscustomobject]@{ Raw = $null }) | Find-AzPrivilegedOperation -AzdalPath $fake -ErrorAction SilentlyContinue -ErrorVariable wrong)
    Assert-Equal 1 $all.Count
    Assert-Equal 2 $wrong.Count
    Assert-Equal 'InvalidInput' ($wrong[0].FullyQualifiedErrorId -split ',')[0]
}

Test 'Find takes files and results from the pipeline as paths' {
    $fake = New-Program 'printf "%s\n" "$@" >"$0.args"'
    $file = New-File 'a.json' '{}'
    [System.IO.FileInfo]::new($file), [pscustomobject]@{ Path = '/some/export' }, 'named.json' | Find-AzPrivilegedOperation -AzdalPath $fake -MinimumSeverity High -Caller c -Operation 'o*'
    $words = [System.IO.File]::ReadAllLines("$fake.args")
    $here = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
    Assert-Equal "scan|--format|ndjson|--operation|o*|--caller|c|--min-severity|high|--|$file|/some/export|$([System.IO.Path]::Combine($here, 'named.json'))" ($words -join '|')
}

Test 'Findings of piped events name the file and line that the events came from' {
    $fake = New-Program 'cat >/dev/null; for i in 1 2 3 4 5 6; do echo "{\"rule\":\"r\",\"sourcePath\":\"-\",\"sourceLine\":$i,\"logScope\":null}"; done'
    $event7 = { param($path, $line, $scope) [pscustomobject]@{ Raw = '{"x":1}'; SourcePath = $path; SourceLine = $line; LogScope = $scope } }
    $all = @((& $event7 a 10 tenant), (& $event7 a 11 tenant), (& $event7 a 20 tenant), (& $event7 b 21 'mg:x'), [pscustomobject]@{ Raw = '{"x":1}' }) | Find-AzPrivilegedOperation -AzdalPath $fake
    Assert-Equal 'a:10 a:11 a:20 b:21 : -:6' (($all | ForEach-Object { '{0}:{1}' -f $_.SourcePath, $_.SourceLine }) -join ' ')
    Assert-Equal 'tenant tenant tenant mg:x' (($all[0..3] | ForEach-Object { $_.LogScope }) -join ' ')
}

Test 'WhatIf starts nothing and makes nothing' {
    $fake = New-Program 'touch "$0.started"'
    $folder = (New-Folder) + '/a/b'
    $out = @(Export-AzDirectoryActivityLog -Path $folder -AzdalPath $fake -WhatIf)
    Assert-Equal 0 $out.Count
    Assert-True (-not [System.IO.Directory]::Exists((New-Folder) + '/a'))
    Assert-True (-not [System.IO.File]::Exists("$fake.started"))
}

Test 'A path of another provider is refused' {
    $fake = New-Program 'exit 0'
    $null = Assert-Fails LocalIO { Export-AzDirectoryActivityLog -Path 'function:x' -AccessToken t -AzdalPath $fake }
    $null = Assert-Fails LocalIO { Import-AzDirectoryActivityLog 'function:x' -AzdalPath $fake }
}

Test 'An event that ConvertFrom-Json refuses still comes out of Get, with one warning' {
    $fake = New-Program @'
cat <<'X'
{"eventDataId":"1","caller":"a"}
{"authorization":{"action":"x/y","scope":"/"},"caller":"a\u0040b","eventDataId":"2","eventTimestamp":"2026-11-01T10:00:00.1234567Z","operationName":{"value":"x/y","localizedValue":"z"},"claims":{"Name":"1","name":"2"},"properties":{"a":"{\"b\":[1,{}]}"},"httpRequest":{"method":"PUT"}}
{"eventDataId":"3","properties":{"":1},"status":{"value":"Succeeded"},"level":null,"n":12e3}
{"eventDataId":"4","claims":{"ok":"yes"}}
X
'@
    $all = @(Get-AzDirectoryActivityLog -AccessToken t -AzdalPath $fake -WarningAction SilentlyContinue -WarningVariable warned)
    Assert-Equal '1 2 3 4' (($all | ForEach-Object { $_.EventDataId }) -join ' ')
    Assert-Equal 2 $warned.Count
    Assert-Equal 'a@b' $all[1].Caller
    Assert-Equal 'x/y' $all[1].Authorization.Action
    Assert-Equal 'x/y' $all[1].OperationName
    Assert-Equal '1234567' $all[1].EventTimestamp.ToString('fffffff')
    Assert-Equal 'Utc' $all[1].EventTimestamp.Kind
    Assert-Equal $null $all[1].Claims
    Assert-Equal $null $all[1].Properties
    Assert-Equal 'Succeeded' $all[2].Status
    Assert-True ($all[1].Raw -match '^\{"authorization".*\}\}$') 'Raw is whole'
    Assert-Equal 'yes' $all[3].Claims.ok
}

Test 'The access check knows a token of another tenant, and a right at the subscription alone' {
    Install-AzAccounts
    $global:Az.Token = 'opaque'
    $fake = New-Program @'
echo '{"event":"token-needed","reason":"r"}' >&2; read -r t
echo '{"event":"error","code":3,"message":"tenant: HTTP 401 InvalidAuthenticationTokenTenant: The access token is from the wrong issuer","hint":"h"}' >&2
exit 3
'@
    $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
    Assert-Equal 'False WrongTenant Connect-AzAccount' "$($answer.HasAccess) $($answer.Reason) $($answer.Remedy)"
    $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake -TenantId 'it''s; bad'
    Assert-Equal 'WrongTenant' $answer.Reason
    Assert-Equal "Connect-AzAccount -Tenant 'it''s; bad'" $answer.Remedy 'what is shown to be copied is quoted'

    $global:Az.Subscription = '5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6'
    $fake = New-Program -Name fake2 @'
echo "$*" >>"$0.args"
echo '{"event":"token-needed","reason":"r"}' >&2; read -r t
case "$*" in *--scope\ sub:*) echo '{}'; exit 0;; esac
echo '{"event":"error","code":3,"message":"tenant: HTTP 403 AuthorizationFailed: no","hint":"h"}' >&2
exit 3
'@
    $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
    Assert-Equal 'False SomeScopes' "$($answer.HasAccess) $($answer.Reason)"
    Assert-Equal 'tenant:False sub:5d1e7a40-3c8b-4f62-9d07-b1a2c3d4e5f6:True' (($answer.Scopes | ForEach-Object { "$($_.Scope):$($_.HasAccess)" }) -join ' ')
    Assert-Equal 'New-AzRoleAssignment -SignInName analyst@contoso.example -RoleDefinitionName Reader -Scope /providers/Microsoft.Insights' $answer.Remedy
    # Nothing that it runs changes anything.
    foreach ($line in [System.IO.File]::ReadAllLines("$fake.args")) { Assert-True ($line.StartsWith('acquire --stdout --newest 1 ')) $line }

    $fake = New-Program -Name fake3 'echo "{\"event\":\"error\",\"code\":5,\"message\":\"no route\",\"hint\":\"look\"}" >&2; exit 5'
    $answer = Test-AzDirectoryActivityAccess -AzdalPath $fake
    Assert-Equal 'False Network no route look' "$($answer.HasAccess) $($answer.Reason) $($answer.Message) $($answer.Remedy)"
}

Test 'Import and Test take files from the pipeline' {
    $file = [System.IO.FileInfo]::new("$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json")
    Assert-Equal 1 @($file | Import-AzDirectoryActivityLog -AzdalPath $Azdal).Count
    Assert-Equal 2 @($file, $file | Import-AzDirectoryActivityLog -AzdalPath $Azdal).Count
    Assert-Equal $false ([System.IO.DirectoryInfo]::new((New-Folder)) | Test-AzDirectoryActivityLog -Quiet -AzdalPath $Azdal)
    $null = Assert-Fails LocalIO { Import-AzDirectoryActivityLog '/nowhere/at/all' -AzdalPath $Azdal }
}

Test 'An activation of PIM, from its event to its state' {
    $file = New-File 'pim.ndjson' ('{"authorization":{"action":"Microsoft.Authorization/roleAssignmentScheduleRequests/write","scope":"GROUP/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/c0ffee00-0000-4000-8000-000000000001"},"caller":"a@contoso.example","correlationId":"k1","eventDataId":"1","eventTimestamp":"2026-11-20T10:00:00Z","operationName":{"value":"Microsoft.Authorization/roleAssignmentScheduleRequests/write"},"resourceId":"GROUP/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/c0ffee00-0000-4000-8000-000000000001","status":{"value":"Succeeded"},"properties":{"requestbody":"{\"properties\":{\"principalId\":\"aaaaaaaa-0000-0000-0000-000000000001\",\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635\",\"requestType\":\"SelfActivate\"}}"}}'.Replace('GROUP', $Group))
    $finding = Find-AzPrivilegedOperation $file -AzdalPath $Azdal
    Assert-Equal 'pim-schedule' $finding.Rule
    $event7 = Import-AzDirectoryActivityLog $file -AzdalPath $Azdal
    foreach ($one in $finding, $event7) {
        Assert-Equal 'Active' ($one | Join-AzRoleAssignment -RoleAssignment (New-Row 'other-name' $Group)).State
        $gone = $one | Join-AzRoleAssignment -RoleAssignment (New-Row 'other-name' $Group -ObjectId 'bbbbbbbb-0000-0000-0000-000000000002')
        Assert-Equal 'Unknown NotListed' "$($gone.State) $($gone.StateReason)"
    }
}

Test 'Select-Object -First ends Import and Find at once as well' {
    $fixture = "$TestRoot/tests/ps/fixtures/role-assignment-at-root-group.json"
    $fake = New-Program @"
echo `$`$ >"`$0.pid"
if [ "`$1" = cat ]; then
    '$Azdal' cat --format csv '$fixture' >"`$0.csv"
    head -n 1 "`$0.csv"; while :; do tail -n 1 "`$0.csv"; done
fi
while :; do echo '{"rule":"again"}'; done
"@
    foreach ($body in { Import-AzDirectoryActivityLog x -AzdalPath $fake }, { Find-AzPrivilegedOperation x -AzdalPath $fake },
        { 1..100000 | ForEach-Object { [pscustomobject]@{ Raw = '{"x":"' + ('y' * 2000) + '"}' } } | Find-AzPrivilegedOperation -AzdalPath $fake }) {
        $got = @(& $body | Select-Object -First 2)
        Assert-Equal 2 $got.Count
        $id = [int][System.IO.File]::ReadAllText("$fake.pid")
        Wait-For { -not (Test-Alive $id) } "the child of $body is gone"
    }
}
