# shellcheck shell=bash disable=SC2154
# What a console tells azdal.exe: Ctrl+C, Ctrl+Break, that it closes, that the user or the system goes.

sim_options=(--now "$now" --days 2 --events 3000)
expected=$("$SIM" expected "${sim_options[@]}" --since "$since" --until "$until" | sha256sum | cut -c 1-64)

# A run that is told so in its middle ends in time, with its state, and goes on later.
ends_in_time() {
    local event=$1 next=$2 pid status=0 before end=$((SECONDS + 120))

    : >"$T/sim.log"
    mkfifo input
    PROGRAM=$T/control.exe "$here/wine-azdal" "$event" "Z:${exe//\//\\}" acquire --endpoint "$URL" \
        --token-file "$T/token" --since "$since" --until "$until" --connections 2 out <input >said 2>&1 8>&- &
    pid=$!
    exec 7>input
    until [ "$(wc -l <"$T/sim.log")" -ge 6 ] || ! kill -0 "$pid"; do
        [ "$SECONDS" -lt $end ] || { kill "$pid" && fail "it asks for nothing: $(cat said)"; }
        read -r -t 0.05 _ <>"$T/never" || true
    done
    exec 7>&-
    wait "$pid" || status=$?
    same status "$status" 130
    grep -q 'azdal: .*interrupted' said || fail "it says nothing of it: $(cat said)"
    [ -s out/.partial/journal ] || fail "no state is left"
    [ ! -e out/manifest.json ] || fail "something was published"
    before=$(wc -l <"$T/sim.log")
    # Under wine the rights that azdal.exe gives a folder are those of a group, too.
    [ "$next" != "$AZDAL" ] || chmod -R go= out
    acquire "$next" --connections 2 out
    whole out
    [ "$(wc -l <"$T/sim.log")" -lt 32 ] || fail "nothing was kept: $(wc -l <"$T/sim.log") requests, $before before"
}

$host-gcc -std=c11 -Wall -Wextra -Werror -municode -DUNICODE -D_UNICODE -D__USE_MINGW_ANSI_STDIO=1 -s \
    -o "$T/control.exe" "$here/control.c"
[ -p "$T/never" ] || mkfifo "$T/never"
sim_start "${sim_options[@]}" --latency-ms 60
check "Ctrl+C" ends_in_time ctrl-c azdal_exe
check "Ctrl+Break" ends_in_time ctrl-break azdal_exe
check "the console is closed, resumed on Windows" ends_in_time close azdal_exe
check "the console is closed, resumed on Linux" ends_in_time close "$AZDAL"
check "the user logs off" ends_in_time logoff azdal_exe
check "the system shuts down" ends_in_time shutdown azdal_exe
sim_stop
