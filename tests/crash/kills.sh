# shellcheck shell=bash disable=SC2034,SC2154
# SIGKILL at random times: the kills of one acquisition cost less than a third more requests. What
# one kill costs depends on the number of connections, not on the number of events, so that the
# smaller run has fewer kills.

if [ -n "$LARGE" ]; then
    tenant=(--events 200000 --event-bytes 4200)
    options=()
    kills=10
else
    tenant=(--events 40000 --event-bytes 4200 --latency-ms 40)
    options=(--connections 2)
    kills=5
fi

# All of it is settled, so that what was fetched before a kill is not asked for again.
tenant+=(--day "$DAY")
NOW=$(date -u -d "$DAY 36 hours" +%Y-%m-%dT%H:%M:%SZ)

# The uncut run: how many requests it takes, and what it ends with.
uncut() {
    sim_start uncut "${tenant[@]}"
    ends_with 0 acquire "$AZDAL" "$T/uncut" --until "$DAY"
    requests >"$T/uncut.requests"
    digest "$T/uncut" >"$T/uncut.digest"
    same content "$(cat "$T/uncut.digest")" "$(expected --until "$DAY" "${tenant[@]}") tenant"
    sim_stop
}

# As many requests as that, or the run is over.
asked() {
    [ "$(requests)" -ge "$1" ] || ! kill -0 "$2" 2>/dev/null
}

# Kills, each some requests after the start of its run, and then to the end.
kill_often() {
    local total before i

    needs_clock
    total=$(cat "$T/uncut.requests")
    sim_start kills "${tenant[@]}"
    for ((i = 1; i <= kills; i++)); do
        before=$(requests)
        random $((total / kills / 2)) $((total / kills))
        start "$AZDAL" "$T/kills" --until "$DAY"
        wait_until asked $((before + number)) "$RUN_PID"
        random 0 20
        tick "0.0$(printf '%02d' "$number")"
        kill -KILL "$RUN_PID" || fail "run $i was over before it was killed"
        wait "$RUN_PID" || true
        echo "kill $i: $(($(requests) - before)) requests"
    done
    ends_with 0 acquire "$AZDAL" "$T/kills" --until "$DAY"
    echo "uncut run: $total requests; with $kills kills: $(requests)"
    whole "$T/kills" "$(cat "$T/uncut.digest")"
    [ "$(requests)" -lt $((total * 13 / 10)) ] || fail "more than 1.3 times the requests"
    echo "uncut run: $total requests; with $kills kills: $(requests)" >"$T/report"
}

check "an uncut run" uncut
check "$kills kills at random times" kill_often
cat "$T/report" 2>/dev/null || true
