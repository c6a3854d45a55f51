# shellcheck shell=bash disable=SC2034,SC2154
# A server that fails: storms of 429, 500 and 503, cut bodies, bad answers, tokens that expire, a
# restart in mid-run. Each ends with the content of an uncut run, or with the right status and a
# state that resumes to it.

tenant=(--events 6000)
options=(--connections 4)
content="$(expected --until "$DAY" "${tenant[@]}") tenant"

# The run comes through by itself.
through() {
    sim_start server "${tenant[@]}" "$@"
    rm -rf "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}

# The same, cut in the middle.
cut_through() {
    local status=0

    sim_start server "${tenant[@]}" "$@"
    rm -rf "$T/dir"
    AZDAL_FAULT=journal-synced:3 acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}

for fault in "429:storm" "500:every 4" "503:every 3" "cut:every 5" "429:every 4" "link-400:once" \
    "link-404:once" "link-410:once" "not-json:3" "html:2" "truncated-json:4" "bad-time:2" \
    "bad-utf8:2" "duplicates" "empty-first" "pretty" "redirect:every 7" "no-date"; do
    check "$fault" through --fault "$fault"
done
for fault in "429:storm" "500:every 4" "cut:every 5" "unordered" "repeat-page:1"; do
    check "$fault and a crash" cut_through --fault "$fault"
done
check "many faults at a time" through --fault "500:every 5" --fault "cut:every 7" \
    --fault "429:every 6" --fault "truncated-json:every 11" --fault duplicates

# The ledger counts what was tried again.
counts_retries() {
    through --fault "503:2-4"
    grep -qE '"retries": *3[,}]' "$T/dir/manifest.json" || fail "the retries are not counted"
}
check "retries are counted" counts_retries

# Pages out of order and a crash: what was trusted before is fetched again.
disorder_later() {
    local status=0 port

    rm -rf "$T/dir"
    sim_start ordered "${tenant[@]}"
    AZDAL_FAULT=stitched acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    # The newest 20 minutes are asked for again, and now come out of order.
    port=${URL##*:}
    sim_stop
    sim_start unordered "${tenant[@]}" --port "$port" --fault unordered
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
check "a server that breaks the order between two runs" disorder_later

# ---- a restart ----

asked() {
    [ "$(requests)" -ge "$1" ]
}

# The server dies in mid-run and comes back on the same port.
restarted() {
    local port

    rm -rf "$T/dir"
    sim_start first "${tenant[@]}" --latency-ms 50
    port=${URL##*:}
    start "$AZDAL" "$T/dir" --until "$DAY"
    wait_until asked 12
    kill -KILL "$SIM_PID"
    wait "$SIM_PID" || true
    sim_start second "${tenant[@]}" --port "$port"
    wait "$RUN_PID" || fail "status $?: $(cat "$T/started")"
    whole "$T/dir" "$content"
    [ "$(requests)" -gt 3 ] || fail "the first server answered everything"
}
check "a server that restarts" restarted

# ---- tokens ----

# A command that gives another token each time; on Windows from a batch file and a set of tokens.
token_command() {
    local i folder

    rm -f "$T/serial"
    if on_windows; then
        folder=Z:${T//\//\\}
        for i in {0..15}; do
            # shellcheck disable=SC2086 # no argument or two
            "$SIM" token --serial "$i" ${1:-} >"$T/token.$i"
        done
        echo 0 >"$T/serial"
        printf '%s\r\n' '@echo off' "set /p n=<$folder\\serial" 'set /a m=n+1' \
            ">$folder\\serial echo %m%" "type $folder\\token.%n%" >"$T/token.bat"
        token_command=$folder\\token.bat
        return
    fi
    token_command="sh '$T/token-command'"
    cat >"$T/token-command" <<END
n=\$(cat '$T/serial' 2>/dev/null || echo 0)
echo \$((n + 1)) >'$T/serial'
'$SIM' token --serial \$n ${1:-}
END
}

renewed() {
    rm -rf "$T/dir"
    sim_start server "${tenant[@]}" --fault "$1"
    token_command "${2:-}"
    ends_with 0 "$AZDAL" acquire --endpoint "$URL" --token-command "$token_command" \
        --since "$SINCE" --until "$DAY" --quiet "$T/dir"
    whole "$T/dir" "$content"
    [ "$(tr -d '\r' <"$T/serial")" -ge 2 ] || fail "no new token was asked for"
}
check "a token that is refused in mid-run" renewed expired:5
check "tokens that expire soon" renewed expired:9 "--expires-in 30"

# The file holds the same token: the run ends with 3; once the file has a new one it goes on.
not_renewed() {
    rm -rf "$T/dir"
    sim_start server "${tenant[@]}" --fault expired:9:repeat
    ends_with 3 acquire "$AZDAL" "$T/dir" --until "$DAY"
    [ ! -e "$T/dir/manifest.json" ] || fail "something was published"
    while ! acquire "$AZDAL" "$T/dir" --until "$DAY" 2>"$T/said"; do
        number=$((number + 1))
        [ "$number" -lt 20 ] || fail "it never ends: $(cat "$T/said")"
        "$SIM" token --serial "$number" >"$T/token"
    done
    whole "$T/dir" "$content"
}
number=0
check "a token that is refused and not renewed" not_renewed
"$SIM" token >"$T/token"

# ---- what cannot be trusted ----

# The run ends with a status and publishes nothing; with a good server the same command goes on.
untrusted() {
    local status=$1 port

    shift
    rm -rf "$T/dir"
    sim_start bad "${tenant[@]}" --fault "$1"
    ends_with "$status" acquire "$AZDAL" "$T/dir" --until "$DAY"
    [ ! -e "$T/dir/manifest.json" ] || fail "something was published"
    port=${URL##*:}
    sim_stop
    sim_start good "${tenant[@]}" --port "$port"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
for fault in "not-json:6+" "html:6+" "bad-time:6+" "bad-utf8:6+" "control-char:6+" \
    "deep:6+" "huge:6+" endless repeat-link repeat-page off-origin redirect-off \
    redirect-loop; do
    check "$fault" untrusted 7 "$fault"
done
# Empty pages that go on are no harm, however many.
many_empty() {
    rm -rf "$T/dir"
    sim_start empty "${tenant[@]}" --fault empty-many:1001
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
check "a thousand empty pages" many_empty
check "404 for the scope" untrusted 4 notfound:tenant
check "403 for the scope" untrusted 3 forbidden:tenant
check "an hour of Retry-After" untrusted 5 retry-after-huge
