# shellcheck shell=bash disable=SC2034,SC2154
# SIGINT, SIGTERM and SIGHUP: status 130 within a second, whatever the run is waiting for, and a
# state that resumes.

tenant=(--events 3000)
options=(--connections 2)

# Interrupt the run that was started; it has to end with 130 within a second.
interrupt() {
    local signal=$1 begin status=0 ms

    begin=$(date +%s%N)
    kill "-$signal" "$RUN_PID"
    wait "$RUN_PID" || status=$?
    ms=$((($(date +%s%N) - begin) / 1000000))
    same status "$status" 130
    echo "$signal: $ms ms"
    [ "$ms" -lt 1000 ] || return 9
}

# On a busy machine a second may pass for other reasons: three tries.
in_time() {
    local try status

    for try in 1 2 3; do
        status=0
        "$@" || status=$?
        [ "$status" = 9 ] || return "$status"
        echo "try $try was slow"
    done
    return 1
}

asked() {
    [ "$(requests)" -ge "$1" ]
}

# Windows has one of these three; how a console is closed there is in tests/windows.
if on_windows; then
    signals=INT
else
    signals='INT TERM HUP'
fi
last=${signals##* }

in_mid_run() {
    rm -rf "$T/cut"
    sim_start signals "${tenant[@]}" --latency-ms 60
    start "$AZDAL" "$T/cut" --until "$DAY"
    wait_until asked 6
    interrupt "$1" || return $?
    [ -s "$T/cut/.partial/journal" ] || fail "no state is left"
    [ ! -e "$T/cut/manifest.json" ] || fail "something was published"
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY"
    whole "$T/cut" "$(expected --until "$DAY" "${tenant[@]}") tenant"
    [ "$(requests)" -lt 32 ] || fail "$(requests) requests for 15 pages"
}

# Right behind the record that a server's order is not to be trusted.
when_distrusted() {
    rm -rf "$T/cut"
    sim_start signals "${tenant[@]}" --latency-ms 60 --fault unordered
    start "$AZDAL" "$T/cut" --until "$DAY"
    wait_until grep -qs '"k":"distrust"' "$T/cut/.partial/journal"
    if [ "$1" = KILL ]; then
        kill -KILL "$RUN_PID"
        wait "$RUN_PID" || true
    else
        interrupt "$1" || return $?
    fi
    [ ! -e "$T/cut/manifest.json" ] || fail "something was published"
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY"
    whole "$T/cut" "$(expected --until "$DAY" "${tenant[@]}") tenant"
}

# While files are written: the signal may come too late, but it never harms.
while_publishing() {
    local status=0

    rm -rf "$T/cut"
    sim_start signals --events 8000
    start "$AZDAL" "$T/cut" --until "$DAY"
    wait_until test -e "$T/cut/.partial/out"
    kill -INT "$RUN_PID"
    wait "$RUN_PID" || status=$?
    [ "$status" = 0 ] || same status "$status" 130
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY"
    whole "$T/cut" "$(expected --until "$DAY" --events 8000) tenant"
}

# What was asked for with that latency is never answered in this test.
without_answer() {
    rm -rf "$T/none"
    sim_start signals "${tenant[@]}" --latency-ms 600000
    start "$AZDAL" "$T/none" --until "$DAY"
    wait_until test -e "$T/none/.partial/journal"
    interrupt INT || return $?
    [ ! -e "$T/none" ] || fail "a run without an answer left $(ls -A "$T/none")"
}

while_throttled() {
    rm -rf "$T/none"
    sim_start signals "${tenant[@]}" --fault 429:always --fault retry-after:600
    start "$AZDAL" "$T/none" --until "$DAY"
    wait_until test -e "$T/none/.partial/journal"
    wait_until asked 1
    interrupt "$last" || return $?
}

in_token_command() {
    local command=": >'$T/asked'; sleep 60"

    ! on_windows || command="echo.>Z:$T/asked & ping -n 60 127.0.0.1 >nul"
    rm -rf "$T/none" "$T/asked"
    sim_start signals "${tenant[@]}"
    "$AZDAL" acquire --endpoint "$URL" --quiet --token-command "$command" "$T/none" \
        2>"$T/started" &
    RUN_PID=$!
    wait_until test -e "$T/asked"
    interrupt INT || return $?
}

# The line `cancel` where a token was asked for means the same.
cancelled() {
    local status=0

    rm -rf "$T/none"
    sim_start signals "${tenant[@]}"
    echo cancel | "$AZDAL" acquire --endpoint "$URL" --token-stdin "$T/none" 2>"$T/said" ||
        status=$?
    same status "$status" 130
}

for signal in $signals; do
    check "SIG$signal in mid-run" in_time in_mid_run "$signal"
done
for signal in $signals KILL; do
    check "SIG$signal behind a record of distrust" in_time when_distrusted "$signal"
done
check "SIGINT while publishing" while_publishing
check "SIGINT while nothing answers" in_time without_answer
check "SIG$last while the server throttles" in_time while_throttled
check "SIGINT while the token command runs" in_time in_token_command
check "cancel instead of a token" cancelled
