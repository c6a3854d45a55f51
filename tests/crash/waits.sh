# shellcheck shell=bash disable=SC2034,SC2154
# What takes the program's own time: a server that falls silent, and one that never comes back. The
# waits run side by side.

tenant=(--events 6000)
options=(--connections 4)
content="$(expected --until "$DAY" "${tenant[@]}") tenant"

asked() {
    [ "$(requests)" -ge "$1" ]
}

# Whether a run in the background has ended; its status is in $T/NAME.status then.
ended() {
    [ -s "$T/$1.status" ]
}

# Wait longer than wait_until does.
wait_long() {
    local try

    for try in 1 2 3 4 5; do
        (wait_until "$@") && return
    done
    fail "waited in vain for: $*"
}

# Start a run that notes its status.
begin() {
    local name=$1 status

    shift
    rm -f "$T/$name.status"
    (
        status=0
        acquire "$@" 2>"$T/$name.said" || status=$?
        echo "$status" >"$T/$name.status"
    ) &
}

# A body that stops half-way, once; and one that stops when the run has been cut.
sim_start stalls "${tenant[@]}" --fault stall
begin stalls "$AZDAL" "$T/stalls" --until "$DAY"

cut_by_a_stall() {
    local status=0

    sim_start cut "${tenant[@]}" --latency-ms 10 --fault stall:9
    AZDAL_FAULT=journal-synced:2 acquire "$FAULTY" "$T/cut" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
}
check "a cut before a stall" cut_by_a_stall
sim_start cut "${tenant[@]}" --fault stall:3
begin cut "$AZDAL" "$T/cut" --until "$DAY"

# The server goes away in mid-run.
sim_start gone "${tenant[@]}" --latency-ms 50
begin gone "$AZDAL" "$T/gone" --until "$DAY"
gone_port=${URL##*:}
gone_pid=$SIM_PID
wait_until asked 12
kill -KILL "$gone_pid"
wait "$gone_pid" 2>/dev/null || true

comes_through() {
    wait_long ended "$1"
    same "status ($(cat "$T/$1.said"))" "$(cat "$T/$1.status")" 0
    whole "$T/$1" "$content"
}
check "a body that stops half-way" comes_through stalls
check "a body that stops half-way after a cut" comes_through cut

stays_down() {
    wait_long ended gone
    same status "$(cat "$T/gone.status")" 5
    same "lines of error" "$(grep -c '^azdal: ' "$T/gone.said")" "$(wc -l <"$T/gone.said")"
    [ ! -e "$T/gone/manifest.json" ] || fail "something was published"
    [ -s "$T/gone/.partial/journal" ] || fail "no state is left"
    without_token "$T/gone"
    sim_start back "${tenant[@]}" --port "$gone_port"
    ends_with 0 acquire "$AZDAL" "$T/gone" --until "$DAY"
    whole "$T/gone" "$content"
    # Where the clock cannot be set nothing is settled, and a resumed run asks for all of it again.
    on_windows || [ "$(requests)" -lt 30 ] || fail "all was fetched again: $(requests) requests"
}
check "a server that stays down: 5, and the run goes on when it is back" stays_down
