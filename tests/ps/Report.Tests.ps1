# Export-AzDirectoryActivityReport: what the page says, and when none is written. How it looks and
# behaves in a browser is tested in tests/report.

BeforeAll {
    Import-Module "$PSScriptRoot/Support.psm1"

    # A joined finding.
    function New-Joined {
        param([hashtable] $With = @{})

        $joined = [ordered]@{}
        foreach ($member in (New-Finding).PSObject.Properties) { $joined[$member.Name] = $member.Value }
        foreach ($name in 'State StateReason Source PrincipalDisplayName PrincipalSignInName CurrentPrincipalId CurrentRoleDefinitionId CurrentRoleDefinitionName Condition LookupScope LookupTime'.Split(' ')) {
            $joined[$name] = $null
        }
        $joined.Severity = 'critical'
        $joined.Title = 'Role assigned'
        $joined.Scope = '/'
        $joined.ScopeKind = 'root'
        $joined.PrincipalId = 'aaaaaaaa-0000-0000-0000-000000000001'
        $joined.RoleDefinitionName = 'Owner'
        $joined.State = 'Active'
        foreach ($key in $With.Keys) { $joined[$key] = $With[$key] }
        if (-not $With.ContainsKey('RoleAssignmentId')) { $joined.RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/' + [guid]::NewGuid() }
        $result = [pscustomobject]$joined
        $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.Finding')
        $result.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.JoinedFinding')
        return $result
    }

    # An export that is only its manifest.
    function New-Manifest {
        param([string] $Scopes, [string] $Verdict = 'COMPLETE', [string] $Clamped = 'false', [string] $Name = 'export')

        $folder = [System.IO.Path]::Combine((New-Folder), $Name)
        $null = [System.IO.Directory]::CreateDirectory($folder)
        [System.IO.File]::WriteAllText("$folder/manifest.json", '{"schema":1,"tool":"azdal 0.1.0","started":"2026-11-22T10:00:00Z","finished":"2026-11-22T10:00:09Z",' +
            '"endpoint":"https://management.azure.com","identity":{"tenantId":"11111111-2222-3333-4444-555555555555","objectId":"o","name":"responder@contoso.example","appId":"a"},' +
            '"query":{"since":"2026-11-01T00:00:00Z","until":"2026-11-22T00:00:00Z","scopes":["tenant"],"clamped":' + $Clamped + ',"strict":false},"clockSkewSeconds":0,"verdict":"' + $Verdict + '","roleAssignments":null,"scopes":[' + $Scopes + ']}')
        return $folder
    }

    # A scope of a manifest; Windows is "from/to from/to".
    function Get-Scope {
        param([string] $Name = 'tenant', [string] $Status = 'complete', [string] $Windows = '2026-11-01T00:00:00Z/2026-11-22T00:00:00Z', [string] $Fault = 'null', [string] $Settled = '"2026-11-21T23:30:00Z"')

        $list = @(foreach ($one in $Windows.Split(' ')) {
                if ($one) { '{"from":"' + $one.Split('/')[0] + '","to":"' + $one.Split('/')[1] + '","events":5,"file":null,"offset":0,"deflated":0,"plain":0,"crc32":"00000000","askedAt":"2026-11-22T10:00:01Z","closed":"drained","requestIds":[]}' }
            }) -join ','
        return '{"scope":"' + $Name + '","status":"' + $Status + '","error":' + $Fault + ',"settledUntil":' + $Settled + ',"events":5,"firstEvent":null,"lastEvent":null,"duplicatesDropped":0,"conflictingIds":0,"outsideRange":0,"requests":1,"retries":0,"files":[],"windows":[' + $list + ']}'
    }

    # Writes the report of what is on the pipeline and returns its text.
    function Get-Page {
        param([Parameter(ValueFromPipeline = $true)] $InputObject, [hashtable] $With = @{})

        begin { $all = [System.Collections.Generic.List[object]]::new() }
        process { if ($null -ne $InputObject) { $all.Add($InputObject) } }
        end {
            $path = [System.IO.Path]::Combine((New-Folder), [guid]::NewGuid().ToString('N') + '.html')
            # Exports here are only manifests; a stand-in of azdal finds them whole.
            if (-not $With.ContainsKey('AzdalPath')) { $With.AzdalPath = New-Program -Name verify 'exit 0' }
            $all | Export-AzDirectoryActivityReport -Path $path @With -ErrorAction Stop
            return [System.IO.File]::ReadAllText($path)
        }
    }

    function Get-Answer {
        param([string] $Page)

        return [regex]::Match($Page, '(?s)class="answer">(.*?)</h2>').Groups[1].Value
    }

    function Assert-Has {
        param([string] $Page, [string] $Text)

        if (-not $Page.Contains($Text)) { throw "the page has no: $Text" }
    }

    function Assert-HasNot {
        param([string] $Page, [string] $Text)

        if ($Page.Contains($Text)) { throw "the page has: $Text" }
    }

    function ConvertTo-Text {
        param($InputObject)

        return @(foreach ($member in $InputObject.PSObject.Properties) { "$($member.Name)=$($member.Value)" }) -join ';'
    }
}

Describe 'Export-AzDirectoryActivityReport' {
    BeforeEach { Reset-Az }
    AfterEach { Clear-Test }

    It 'The report leads with the answer' {
        (Get-Answer (@() | Get-Page)) | Should -BeExactly 'No findings.'
        (Get-Answer (New-Joined | Get-Page)) | Should -BeExactly '1 critical finding; 1 role still stands.'
        (Get-Answer (@(
                    New-Joined; New-Joined @{ State = 'Removed' }; New-Joined @{ Severity = 'high'; State = 'Unknown' }) | Get-Page)) | Should -BeExactly '2 critical and 1 high finding; 1 role still stands, 1 unknown.'
        (Get-Answer (@(
                    New-Joined @{ Severity = 'high'; State = 'Removed' }; New-Joined @{ Severity = 'high'; State = 'NotApplied'; Outcome = 'Failed' }) | Get-Page)) | Should -BeExactly '2 high findings; no role given still stands.'
        (Get-Answer (
                New-Joined @{ Severity = 'medium'; State = 'Unknown'; StateReason = 'Forbidden' } | Get-Page)) | Should -BeExactly 'No critical or high finding, 1 below that; whether 1 role still stands is not known.'
        (Get-Answer (New-Joined @{ Severity = 'high'; Operation = 'Microsoft.Insights/diagnosticSettings/delete'; State = 'NotApplicable' } | Get-Page)) | Should -BeExactly '1 high finding.'
    }

    It 'A role that several findings speak of stands once' {
        $again = @{ RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/r1' }
        $other = @{ RoleAssignmentId = '/providers/Microsoft.Authorization/roleAssignments/R1'; Time = (New-Utc 12) }
        (Get-Answer (@((New-Joined $again), (New-Joined $other)) | Get-Page)) | Should -BeExactly '2 critical findings; 1 role still stands.'
    }

    It 'Without a join the state is that of the export, and the page says so' {
        $finding = New-Finding @{ Severity = 'critical'; StateAtExport = 'Active'; Title = 'Role assigned'; RoleAssignmentId = 'r1' }
        $page = $finding | Get-Page
        (Get-Answer $page) | Should -BeExactly '1 critical finding; 1 role stood at export.'
        Assert-Has $page 'not looked up since'
        Assert-Has $page 'Stood at export'
        Assert-HasNot (New-Joined | Get-Page) 'not looked up since'
        $finding.StateAtExport = 'Changed'
        $finding.PrincipalId = 'principal-1'
        ($finding | Get-Page) -match '(?s)Standing at export.*principal-1.*changed since; what is shown is what was given' | Should -BeTrue -Because 'changed, and not known to what'
    }

    It 'A role that changed is shown as it is now' {
        $page = New-Joined @{ State = 'Changed'; CurrentPrincipalId = 'principal-now'; CurrentRoleDefinitionName = $null; CurrentRoleDefinitionId = 'role-now' } | Get-Page
        $row = [regex]::Match($page, '(?s)id="standing".*?<tbody>(.*?)</tbody>').Groups[1].Value
        $row -match 'principal-now.*role-now.*changed since it was given' | Should -BeTrue -Because $row
        Assert-HasNot $row 'aaaaaaaa-0000-0000-0000-000000000001'
    }

    It 'Findings stand by severity and then by time' {
        $page = @(
            New-Joined @{ Severity = 'low'; Title = 'T1' }
            New-Joined @{ Severity = 'critical'; Title = 'T2'; Time = (New-Utc 12) }
            New-Joined @{ Severity = 'critical'; Title = 'T3'; Time = (New-Utc 11) }
            New-Joined @{ Severity = 'made-up'; Title = 'T4' }
            New-Joined @{ Severity = 'high'; Title = 'T5'; Time = $null }) | Get-Page
        @(foreach ($one in [regex]::Matches($page, 'class="title">(T\d)<')) { $one.Groups[1].Value }) -join ' ' | Should -BeExactly 'T3 T2 T5 T1 T4'
    }

    It 'Each finding has its evidence' {
        $page = New-Joined @{
            EventDataIds = @('event-1', 'event-2'); SourcePath = '/cases/42/tenant.ndjson.gz'; SourceLine = 4711; CorrelationId = 'correlation-1'; Caller = 'dana@contoso.example'
            CallerIpAddress = '198.51.100.25'; PrincipalDisplayName = 'Ann Example'; State = 'Changed'; StateReason = $null; CurrentPrincipalId = 'principal-now'; CurrentRoleDefinitionName = 'Reader'
            Notes = @('A note.'); Techniques = @('T1098.003'); Time = (New-Utc 10).AddTicks(1234567); LookupScope = '/'; LookupTime = (New-Utc 20); Condition = 'a condition'
        } | Get-Page
        foreach ($text in 'event-1<br>event-2', '<dd>/cases/42/tenant.ndjson.gz</dd>', '<dd>4711</dd>', 'correlation-1', 'dana@contoso.example', '198.51.100.25', 'Ann Example', '<dd>Changed</dd>', 'principal-now',
            '<dd>Reader</dd>', 'Note: A note.', 'T1098.003', '<dd>2026-11-20T10:00:00.1234567Z</dd>', '<dd>2026-11-20T20:00:00Z</dd>', 'a condition') {
            Assert-Has $page $text
        }
    }

    It 'A reason of the join is explained' {
        Assert-Has (New-Joined @{ State = 'Unknown'; StateReason = 'EmptyList' } | Get-Page) 'EmptyList: the list of role assignments was empty, which is also what'
        Assert-Has (New-Joined @{ State = 'Unknown'; StateReason = 'LookupFailed: a "reason"' } | Get-Page) 'LookupFailed: a &quot;reason&quot;'
    }

    It 'Findings of one story are told in order' {
        $with = @{ StoryId = 'story-1'; Caller = 'dana@contoso.example' }
        $page = @(
            New-Joined ($with + @{ Time = (New-Utc 12); Operation = 'Microsoft.Authorization/roleAssignments/delete'; Severity = 'medium'; State = 'Removed' })
            New-Joined ($with + @{ Time = (New-Utc 10); Operation = 'Microsoft.Authorization/elevateAccess/action'; RoleDefinitionName = 'User Access Administrator' })
            New-Joined ($with + @{ Time = (New-Utc 11); EndedTime = (New-Utc 12); EndedBy = 'ines@contoso.example'; State = 'Removed' })
            New-Joined @{ Title = 'Apart' }) | Get-Page
        Assert-Has $page '1 elevation, 1 assignment, 1 removal within 2 h; <b>1 role still stands</b>'
        $steps = [regex]::Match($page, '(?s)<ol class="steps">(.*?)</ol>').Groups[1].Value
        $steps -match '(?s)elevated to .*User Access Administrator.*gave .*Owner.*ended 2026-11-20 12:00:00, after 1 h, by ines@contoso\.example.*removed .*Owner' | Should -BeTrue -Because $steps
        Assert-HasNot $steps 'Apart'
    }

    It 'Operations are drawn in the stretches of time that trace counts them in' {
        $row = @{ StoryId = 's'; Holder = 'h'; Via = 'Assignment'; Tactic = 'Impact'; Title = 'T'; Operation = 'o'; GrantTime = (New-Utc 8); Count = 6; FirstTime = (New-Utc 10); LastTime = (New-Utc 20) }
        $drawn = {
            param($Row)
            @(foreach ($one in [regex]::Matches(([pscustomobject]$Row | Get-Page), '<rect class="did"[^>]*><title>2026-11-20 (\d\d):[^<]*: (\d+) op')) { '{0}h {1}' -f $one.Groups[1].Value, $one.Groups[2].Value })
        }
        $row.TimeBins = @('2026-11-20T10:00:00Z/2026-11-20T10:02:00Z 5', '2026-11-20T20:00:00Z/2026-11-20T20:02:00Z 1')
        (& $drawn $row) -join ', ' | Should -Be '09h 5, 20h 1' -Because 'a column begins with the part of the axis that it is'
        foreach ($bad in @('x', '2026-11-20T10:00:00Z/y 5', '<b>/<b> 1'), 'System.Object[]', $null) {
            $row.TimeBins = $bad
            $sum = 0
            foreach ($one in & $drawn $row) { $sum += [int]$one.Split(' ')[1] }
            $sum | Should -Be 6 -Because "without bins ($bad) they are spread evenly"
        }
    }

    It 'Hostile text is text' {
        $evil = '<script>alert(1)</script>"''&' + [char]0x202E + [char]0x200B + [char]7 + [char]0xD800 + [char]0xA0
        $with = @{}
        foreach ($member in (New-Joined).PSObject.Properties) {
            if ($member.Name -notmatch 'Time$') { $with[$member.Name] = $evil }
        }
        $with.EventDataIds = @($evil, $evil)
        $page = @((New-Joined $with), (New-Joined ($with + @{ }))) | Get-Page -With @{ Title = $evil }
        [regex]::Matches($page, '<script').Count | Should -BeExactly 1 -Because 'the page''s own script alone'
        [regex]::Matches($page, '&lt;script&gt;alert\(1\)&lt;/script&gt;&quot;&#39;&amp;').Count -gt 20 | Should -BeTrue -Because 'shown as it is'
        foreach ($code in 0x202E, 0x200B, 7, 0xD800, 0xA0) {
            Assert-HasNot $page ([string][char]$code)
            Assert-Has $page ('<span class="hidden-char">U+{0:X4}</span>' -f $code)
        }
        $page -match '<title>&lt;script&gt;alert\(1\)&lt;/script&gt;&quot;&#39;&amp;\[U\+202E\]' | Should -BeTrue -Because 'in the title too'
    }

    It 'No property of any object is markup: <Evil>' -ForEach @(
        @{ Evil = '<script>alert(7)</script>' }, @{ Evil = '"><img src=x onerror=alert(7)>' }, @{ Evil = "' onmouseover='alert(7)" }
        @{ Evil = '{{slot}}' }, @{ Evil = '$(alert7)${alert7}' }, @{ Evil = '</style></title></script><b>alert7' }, @{ Evil = '<!--alert7-->' }
    ) {
        Install-AzAccounts
        $evil = $_.Evil
        $plain = New-Joined | Get-Page
        $taint = {
            param($InputObject)
            $made = [ordered]@{}
            foreach ($member in $InputObject.PSObject.Properties) {
                if ($member.MemberType -ne 'NoteProperty') { continue }
                $value = if ($member.Value -is [array]) { , @($evil, $evil) } else { $evil }
                if ($member.Name -match '(Time|On)$' -or $member.Value -is [long] -or $kept -contains $member.Name) { $value = $member.Value }
                $made[$member.Name] = $value
            }
            $copy = [pscustomobject]$made
            foreach ($name in @($InputObject.PSObject.TypeNames)[2..0]) { if ($name -match '^Azdal|^AzDir') { $copy.PSObject.TypeNames.Insert(0, $name) } }
            $copy
        }
        $elevation = New-Joined @{ Operation = 'Microsoft.Authorization/elevateAccess/action'; StoryId = 'story-1' }
        $unlogged = @(New-Finding @{ Scope = '/' } | Join-AzRoleAssignment -RoleAssignment (New-Row 'r2' '/') -IncludeUnlogged)[1]
        $activity = [ordered]@{}
        foreach ($name in & (Get-Module AzDirectoryActivityLog) { $script:ObjectProperty['PrivilegedActivity'] }) {
            $value = switch -Regex ($name) { 'Time$' { [datetime]::UtcNow } 'Count$|^(Count|Succeeded|Failed|Depth)$' { [long]1 } '^(Notes|Resources|Subscriptions|IpAddresses|AppIds|EventDataIds|Techniques)$' { , @('x') } '^StoryId$' { 'story-1' } default { 'x' } }
            $activity[$name] = $value
        }
        $activity = [pscustomobject]$activity
        $activity.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.PrivilegedActivity')
        foreach ($kept in @(), @('Operation', 'StoryId', 'State', 'Severity', 'ScopeKind', 'Outcome')) {
            # Whole, and with those that decide where a value goes left as they are.
            $all = foreach ($one in (New-Joined), $elevation, $unlogged, $activity) { & $taint $one }
            $page = $all | Get-Page -With @{ Title = $evil }
            $body = [regex]::Replace($page, '(?s)<style>.*?</style>|<script>.*?</script>', '')
            $body -match '<(script|img|b>alert|!--)' | Should -BeFalse -Because $evil
            foreach ($tag in [regex]::Matches($body, '<[^>]*>')) {
                # Between quotes nothing but escaped text; outside of them no attribute that acts.
                [regex]::Replace($tag.Value, '"[^"<>]*"', '""') -match 'alert|onerror|onmouseover' | Should -BeFalse -Because $tag.Value
            }
            if ($kept) { Assert-Has $page 'Done with this power: 1 operation' }
            [regex]::Matches($page, '<script>').Count | Should -Be ([regex]::Matches($plain, '<script>').Count)
            [regex]::Matches($body, [regex]::Escape([System.Net.WebUtility]::HtmlEncode($evil))).Count | Should -BeGreaterThan 20 -Because 'each value is there, as it is'
        }
    }

    It 'Notes about what was done say whom they are about, unless that is every holder of the story' {
        $activity = foreach ($name in 'ada', 'ben') {
            $one = @{ StoryId = 'story-1'; Holder = $name; HolderName = "$name@contoso.example"; Notes = @('Of both.', "Of $name."); Count = [long]0 }
            if ($name -eq 'ada') { $one += @{ Operation = 'X/write'; Tactic = 'Other'; FirstTime = (New-Utc 10); LastTime = (New-Utc 10) }; $one.Count = [long]1 }
            $one = [pscustomobject]$one
            $one.PSObject.TypeNames.Insert(0, 'AzDirectoryActivityLog.PrivilegedActivity')
            $one
        }
        $page = [regex]::Replace((@(New-Joined @{ StoryId = 'story-1' }) + $activity | Get-Page), '<[^>]*>', '|')
        foreach ($note in '|Of both.|', '|ada@contoso.example: Of ada.|', '|ben@contoso.example: Of ben.|') { Assert-Has $page $note }
    }

    It 'Letters of all scripts stay what they are' {
        $name = 'J' + [char]0xFC + 'rgen ' + [char]0x5E9 + [char]0x5DC + ' ' + [char]0x65E5 + [char]0x672C + ' ' + [char]::ConvertFromUtf32(0x1F600)
        $page = [System.Net.WebUtility]::HtmlDecode((New-Joined @{ PrincipalDisplayName = $name } | Get-Page))
        Assert-Has $page "<bdi>$name</bdi>"
    }

    It 'The policy of the page lets in its own style and script alone' {
        $page = New-Joined | Get-Page
        $policy = [regex]::Match($page, 'http-equiv="Content-Security-Policy" content="([^"]*)"').Groups[1].Value
        $policy -match "^default-src 'none'; style-src 'sha256-([^']+)'; script-src 'sha256-([^']+)'; base-uri 'none'; form-action 'none'$" | Should -BeTrue -Because $policy
        $expected = @($Matches[1], $Matches[2])
        $actual = foreach ($tag in 'style', 'script') {
            $text = [regex]::Match($page, "(?s)<$tag>(.*?)</$tag>").Groups[1].Value
            $hash = [System.Security.Cryptography.SHA256]::Create()
            [System.Convert]::ToBase64String($hash.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text)))
        }
        $actual | Should -BeExactly $expected
        $page -notmatch '(?i)<(link|img|iframe|object|embed|base)\b|\ssrc=|url\(|@import|\sstyle=|\son\w+=' | Should -BeTrue -Because "something from elsewhere: $($Matches[0])"
    }

    It 'A whole export is called complete, with its range and digest' {
        $folder = New-Manifest (Get-Scope)
        $page = New-Joined | Get-Page -With @{ ExportPath = $folder }
        Assert-Has $page '<b>The log is complete:</b> 2026-11-01 00:00:00 to 2026-11-22 00:00:00, 5 events.'
        Assert-Has $page 'in the one scope that the export holds, without a gap'
        Assert-Has $page '<b>Settled</b> until 2026-11-21 23:30:00.'
        $hash = [System.Security.Cryptography.SHA256]::Create()
        Assert-Has $page ([System.BitConverter]::ToString($hash.ComputeHash([System.IO.File]::ReadAllBytes("$folder/manifest.json"))).Replace('-', '').ToLowerInvariant())
        Assert-Has $page 'azdal 0.1.0'
        Assert-Has $page 'responder@contoso.example'
        Assert-HasNot $page 'an earlier beginning was asked for'
        Assert-Has (New-Joined | Get-Page -With @{ ExportPath = New-Manifest (Get-Scope) -Clamped 'true' }) 'an earlier beginning was asked for'
    }

    It 'What is missing is named, and why' {
        $folder = New-Manifest -Verdict 'INCOMPLETE' -Scopes (@(
                Get-Scope
                Get-Scope -Name 'sub:99999999-0000-0000-0000-000000000009' -Status 'forbidden' -Windows '' -Settled 'null' -Fault '{"code":"AuthorizationFailed","message":"no <b>right</b>"}'
                Get-Scope -Name 'mg:m1' -Status 'expired' -Windows '2026-11-10T00:00:00Z/2026-11-22T00:00:00Z 2026-11-02T00:00:00Z/2026-11-05T00:00:00Z') -join ',')
        $page = New-Joined | Get-Page -With @{ ExportPath = $folder }
        Assert-Has $page '<b>The log is incomplete.</b> 2 of 3 scopes could not be read in full'
        $rows = $page -replace '<[^>]+>', '|'
        $rows -match 'Subscription 99999999-0000-0000-0000-000000000009\|+Not allowed to read\|.*\|2026-11-01 00:00:00\| to \|2026-11-22 00:00:00\|+AuthorizationFailed: no &lt;b&gt;right&lt;/b&gt;\|' | Should -BeTrue -Because $rows
        $rows -match 'Management group m1\|+Partly older than Azure keeps\|.*\|2026-11-01 00:00:00\| to \|2026-11-02 00:00:00\|+2026-11-05 00:00:00\| to \|2026-11-10 00:00:00\|' | Should -BeTrue -Because $rows
    }

    It 'A manifest that says complete but has a gap is not believed' {
        $folder = New-Manifest (Get-Scope -Windows '2026-11-01T00:00:00Z/2026-11-05T00:00:00Z 2026-11-06T00:00:00Z/2026-11-22T00:00:00Z')
        $page = New-Joined | Get-Page -With @{ ExportPath = $folder }
        Assert-Has $page '<b>The log is incomplete.</b> 1 of 1 scope'
        Assert-Has $page 'Stretches are missing'
        Assert-HasNot $page 'The log is complete'
    }

    It 'Without an export the page says that coverage is not stated' {
        $page = New-Joined | Get-Page
        Assert-Has $page '<b>Coverage not stated.</b>'
        Assert-HasNot $page 'The log is complete'
    }

    It 'Several exports have their coverage each' {
        $one = New-Manifest (Get-Scope) -Name 'one'
        $two = New-Manifest (Get-Scope -Status 'failed' -Windows '' -Fault '{"code":"ServerError","message":"m"}') -Verdict 'INCOMPLETE' -Name 'two'
        $page = New-Joined | Get-Page -With @{ ExportPath = $one, $two }
        Assert-Has $page 'The log is complete'
        Assert-Has $page 'The log is incomplete'
        Assert-Has $page "<h3>$two</h3>"
    }

    It 'No export and an unreadable one are refused' {
        $folder = New-Folder
        $null = Assert-Fails ForeignState { New-Joined | Export-AzDirectoryActivityReport "$folder/r.html" -ExportPath "$folder/none" }
        $export = New-Manifest (Get-Scope)
        [System.IO.File]::WriteAllText("$export/manifest.json", '{"schema":1,')
        $null = Assert-Fails Untrusted { New-Joined | Export-AzDirectoryActivityReport "$folder/r.html" -ExportPath $export }
        [System.IO.File]::WriteAllText("$export/manifest.json", '{"schema":2,"verdict":"COMPLETE"}')
        $null = Assert-Fails Untrusted { New-Joined | Export-AzDirectoryActivityReport "$folder/r.html" -ExportPath $export }
        [System.IO.File]::Exists("$folder/r.html") | Should -BeFalse
    }

    It 'A file that exists is replaced with -Force only' {
        $path = New-File 'r.html' 'mine'
        $failure = Assert-Fails LocalIO { New-Joined | Export-AzDirectoryActivityReport $path }
        Assert-Has $failure.Exception.Message '-Force'
        [System.IO.File]::ReadAllText($path) | Should -BeExactly 'mine'
        New-Joined | Export-AzDirectoryActivityReport $path -Force
        Assert-Has ([System.IO.File]::ReadAllText($path)) '1 critical finding'
        [System.IO.Directory]::GetFiles((New-Folder)).Length | Should -BeExactly 1 -Because 'nothing is left beside it'
    }

    It 'It fails before any finding is waited for' {
        $path = New-File 'r.html' 'mine'
        $global:Asked = 0
        $null = Assert-Fails LocalIO { 1..3 | ForEach-Object { $global:Asked++; New-Joined } | Export-AzDirectoryActivityReport $path }
        $global:Asked | Should -BeExactly 0
    }

    It 'A folder, a missing folder and a place inside an export are refused' {
        $folder = New-Folder
        $null = Assert-Fails LocalIO { New-Joined | Export-AzDirectoryActivityReport $folder }
        $null = Assert-Fails LocalIO { New-Joined | Export-AzDirectoryActivityReport "$folder/none/r.html" }
        $export = New-Manifest (Get-Scope)
        [System.IO.File]::WriteAllText("$export/SHA256SUMS", '')
        $null = [System.IO.Directory]::CreateDirectory("$export/subscriptions")
        $null = Assert-Fails LocalIO { New-Joined | Export-AzDirectoryActivityReport "$export/subscriptions/r.html" }
        [System.IO.Directory]::GetFiles("$export/subscriptions").Length | Should -BeExactly 0
    }

    It 'A place that cannot be written is named' {
        if (-not [System.IO.Directory]::Exists('/proc/self')) { return }
        $failure = Assert-Fails LocalIO { New-Joined | Export-AzDirectoryActivityReport '/proc/self/r.html' }
        Assert-Has $failure.Exception.Message "$([System.IO.Path]::GetFullPath('/proc/self/r.html')): the report cannot be written"
    }

    It 'A full disk is named, and a device is written to' {
        if (-not [System.IO.File]::Exists('/dev/full')) { return }
        # Without -Force, so that it could not be replaced by a file whatever goes wrong here.
        $record = Assert-Fails LocalIO { New-Joined | Export-AzDirectoryActivityReport '/dev/full' }
        $record.Exception.Message -match 'No space left|not enough space' | Should -BeTrue -Because $record.Exception.Message
    }

    It 'WhatIf writes nothing, PassThru gives the file' {
        $folder = New-Folder
        New-Joined | Export-AzDirectoryActivityReport "$folder/r.html" -WhatIf
        [System.IO.Directory]::GetFiles($folder).Length | Should -BeExactly 0
        (New-Joined | Export-AzDirectoryActivityReport "$folder/r.html") | Should -BeExactly $null
        $file = New-Joined | Export-AzDirectoryActivityReport "$folder/s.html" -PassThru
        $file.GetType().FullName | Should -BeExactly 'System.IO.FileInfo'
        $file.Length -gt 10000 | Should -BeTrue
    }

    It 'What is no finding is an error, and the rest is written' {
        $folder = New-Folder
        $said = $null
        @((New-Joined), [pscustomobject]@{ Operation = 'x' }, $null, (New-Joined)) | Export-AzDirectoryActivityReport "$folder/r.html" -ErrorVariable said -ErrorAction SilentlyContinue
        $said.Count | Should -BeExactly 1
        ($said[0].FullyQualifiedErrorId -split ',')[0] | Should -BeExactly 'InvalidInput'
        (Get-Answer ([System.IO.File]::ReadAllText("$folder/r.html"))) | Should -BeExactly '2 critical findings; 2 roles still stand.'
    }

    It 'Assignments that no event explains have their own table' {
        Install-AzAccounts; Install-AzResources
        $global:Az.Rows['/'] = @(New-Row 'stranger' '/' -DisplayName 'Sam <Stranger>')
        $page = New-Finding @{ Severity = 'high'; Title = 'T'; Scope = '/'; RoleAssignmentName = 'r1'; ScopeKind = 'root' } | Join-AzRoleAssignment -IncludeUnlogged | Get-Page
        Assert-Has $page 'Role assignments that no event explains'
        Assert-Has $page 'Sam &lt;Stranger&gt;'
        Assert-Has $page 'When it was made is not known'
    }

    It 'Findings that were saved and read again, and times as text, are fine' {
        $saved = [pscustomobject]@{ Rule = 'elevate-access'; Severity = 'High'; Time = '2026-11-20T10:00:00.5Z'; Title = 'Elevated'; Operation = 'Microsoft.Authorization/elevateAccess/action' }
        $page = $saved | Get-Page
        Assert-Has $page '2026-11-20T10:00:00.5Z'
        (Get-Answer $page).StartsWith('1 high finding') | Should -BeTrue -Because (Get-Answer $page)
    }

    It 'Properties that hold the nothing of a command are missing ones' {
        $nothing = & { }
        $with = @{ }
        foreach ($name in 'StoryId', 'Scope', 'Caller', 'State', 'RoleAssignmentId', 'Notes', 'EndedTime', 'PrincipalId') { $with[$name] = $nothing }
        (Get-Answer (New-Joined $with | Get-Page)) | Should -BeExactly '1 critical finding; whether 1 role still stands is not known.'
    }

    It 'The objects that come in are not changed' {
        $finding = New-Joined
        $before = ConvertTo-Text $finding
        $null = $finding | Get-Page
        (ConvertTo-Text $finding) | Should -BeExactly $before
    }

    It 'From a tenant to the report' {
        $url = Start-Sim 'serve'
        $folder = New-Folder
        $token = New-Token '--seed', '1'
        $export = Export-AzDirectoryActivityLog -Path "$folder/case" -Endpoint $url -AccessToken $token -IncludeRoleAssignment -AzdalPath $Azdal -LogLevel None
        $page = Find-AzPrivilegedOperation -Path $export.Path -AzdalPath $Azdal | Join-AzRoleAssignment | Get-Page -With @{ ExportPath = $export.Path; AzdalPath = $Azdal }
        Assert-Has $page $export.ManifestSha256
        Assert-Has $page 'The log is complete'
        Assert-Has $page 'Still standing'
        Assert-HasNot $page $token
        (Test-AzDirectoryActivityLog $export.Path -AzdalPath $Azdal -Quiet) | Should -BeTrue
    }
}

Describe 'The template of the report' {
    BeforeAll {
        # Fills a template with a model.
        function Get-Filled {
            param([string] $Html, [hashtable] $Model = @{})

            $folder = New-Folder
            [System.IO.File]::WriteAllText("$folder/Report.html", $Html)
            foreach ($name in 'Report.css', 'Report.js') { [System.IO.File]::WriteAllText("$folder/$name", "{{$name}}") }
            & (Get-Module AzDirectoryActivityLog) {
                $out = [System.IO.StringWriter]::new()
                Write-ReportPage -Out $out -Template (Read-ReportTemplate -Folder $args[0]) -Model $args[1]
                $out.ToString()
            } $folder $Model
        }
    }
    AfterEach { Clear-Test }

    It 'is filled: <Html>' -ForEach @(
        @{ Html = '<p>{{A}}</p>'; Model = @{ A = '<b>{{B}}' }; Page = '<p>&lt;b&gt;{{B}}</p>' }
        @{ Html = '<p a="{{A}}">{{A}}<title>{{A}}</title>'; Model = @{ A = [string][char]0x202E }; Page = '<p a="[U+202E]"><span class="hidden-char">U+202E</span><title>[U+202E]</title>' }
        @{ Html = '<p a="{{A}}" b="{{A}}">{{A}}'; Model = @{ A = @('"', [string][char]0xFC) }; Page = '<p a="&quot; &#252;" b="&quot; &#252;">&quot;<br><bdi>&#252;</bdi>' }
        @{ Html = '{{A}} {{A:full}} {{B:N0}} {{B:role|roles}} {{C:role|roles}} {{D}} {{E}}'; Model = @{ A = [datetime]::new(2026, 11, 20, 10, 0, 0, 5, [System.DateTimeKind]::Utc); B = 1234; C = 1; D = 0.5; E = $null }; Page = '2026-11-20 10:00:00 2026-11-20T10:00:00.005Z 1,234 1,234 roles 1 role 0.5 ' }
        @{ Html = "a`n  {{#A}}`n    <p>{{N}}{{O}}</p>`n  {{/A}}`nb"; Model = @{ A = @(@{ N = 1 }, @{ N = 2; O = 'own' }); N = 9; O = 'outer' }; Page = "a`n<p>1outer</p>`n<p>2own</p>`nb" }
        @{ Html = '{{#A}}{{.}}{{|}}, {{B}}{{/A}}{{#C}}-{{/C}}{{#D}}-{{/D}}'; Model = @{ A = @('x', 'y', 'z'); B = '+'; C = @(); D = $null }; Page = 'x, +y, +z' }
        @{ Html = '{{#A}}{{#B}}{{.}}{{/B}};{{/A}}{{#C}}{{X.Y}}{{/C}}'; Model = @{ A = @(@{ B = @(1, 2) }, @{ B = @() }); C = @{ X = @{ Y = 'deep' } } }; Page = '12;;deep' }
        @{ Html = '{{?A}}1{{/}}{{^A}}2{{/}}{{?B}}3{{/B}}{{^B}}4{{/B}}{{?C}}5{{/}}{{?D.E}}6{{/}}{{^D.E}}7{{/}}{{?A.Count=2}}8{{/}}{{^F=x}}9{{/}}{{?F=y}}10{{/}}'; Model = @{ A = @('a', 'b'); B = @(); C = 0; D = @{}; F = 'y' }; Page = '147' + '8910' }
        @{ Html = "{{! a note`nof {{A}} two lines`n}}`n<style>{{>Report.css}}</style>"; Model = @{}; Page = '<style>{{Report.css}}</style>' }
    ) {
        Get-Filled $Html $Model | Should -BeExactly $Page
    }

    It 'is refused where a value could act, or is not there: <Html>' -ForEach @(
        @{ Html = '<p a={{A}}>'; Why = 'quoted' }, @{ Html = '<p a="x" {{A}}>'; Why = 'quoted' }, @{ Html = '<{{A}}>'; Why = 'quoted' }, @{ Html = "<p a='{{A}}'>"; Why = 'quoted' }
        @{ Html = '<p><script>{{A}}</script>'; Why = 'quoted' }, @{ Html = '<style>p { a: {{A}} }</style>'; Why = 'quoted' }
        @{ Html = '{{A b}}'; Why = 'not a slot' }, @{ Html = '{{#A}}{{?B}}{{/A}}{{/B}}'; Why = 'ends nothing' }, @{ Html = '{{/A}}'; Why = 'ends nothing' }, @{ Html = '{{#A}}'; Why = 'does not end' }
        @{ Html = '{{Missing}}'; Why = 'there is no Missing' }
    ) {
        { Get-Filled $Html @{ A = 'x'; B = 'y' } } | Should -Throw "*$Why*"
    }

    It 'has no address but places in the page' {
        $text = [System.IO.File]::ReadAllText("$([System.IO.Path]::GetDirectoryName($Module))/Private/Report/Report.html")
        $addresses = @([regex]::Matches($text, '\b(?:href|src|action|style|on\w+)="([^"]*)"') | ForEach-Object { $_.Groups[1].Value })
        $addresses.Count | Should -BeGreaterThan 5
        @($addresses | Where-Object { -not $_.StartsWith('#') }) | Should -BeNullOrEmpty
    }
}
