# shellcheck shell=bash disable=SC2034,SC2154
# More than the program's limits allow, where it takes a server or the whole program to go over
# them; the tests of single functions (tests/unit) do it for the others.

# ---- one second that is larger than memory: runs on disk, above COMMIT_RUNS_MAX of them, and more
# bytes than COLLECT_BUDGET_BYTES lets wait ----

instant=(--events 50000 --event-bytes 1300 --distribution instant)
one_second() {
    sim_start instant "${instant[@]}"
    rm -rf "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$(cat "$T/instant.digest")"
}

# The same out of order, so that all of it has to be sorted; cut when runs were merged once.
one_second_cut() {
    local status=0

    sim_start instant "${instant[@]}" --fault unordered
    rm -rf "$T/dir"
    AZDAL_FAULT=run-written:$1 acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$(cat "$T/instant.digest")"
}
echo "$(expected --until "$DAY" "${instant[@]}") tenant" >"$T/instant.digest"
check "50,000 events within one second" one_second
check "50,000 events within one second, out of order, cut at run 26" one_second_cut 26

# ---- more ranges than STREAM_AHEAD_MAX wait for their turn on standard output ----

stream=(--events 40000)
streamed() {
    sim_start stream "${stream[@]}" --latency-ms 5
    "$AZDAL" acquire --endpoint "$URL" --token-file "$T/token" --since "$SINCE" --until "$DAY" \
        --quiet --connections "$1" --stdout | sha256sum | cut -c 1-64 >"$T/streamed"
    same content "$(cat "$T/streamed")" "$(cat "$T/stream.digest")"
}
expected --until "$DAY" "${stream[@]}" >"$T/stream.digest"
for connections in 1 64; do
    check "a stream of 40,000 events over $connections connections" streamed "$connections"
done

# ---- a list of many pages: lack of progress ends a list, not their count ----

long_list() {
    sim_start list --events 100 --groups 1 --subscriptions 1001 --events-per-scope 1 --list-page 1
    rm -rf "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY" --scope 'sub:*'
    same files "$(find "$T/dir/subscriptions" -name '*.gz' | wc -l)" 1001
    verified "$T/dir"
    [ "$(requests)" -lt 2100 ] || fail "$(requests) requests"
}
check "a list of 1,001 pages" long_list

# ---- more warnings than are worth reading ----

event='{"eventTimestamp":"2026-11-01T00:00:00Z","operationName":{"value":"x"},"eventDataId"'

# Lines above INPUTS_WARNINGS_MAX that are damaged: each is counted, all others are read.
many_damaged() {
    local i

    for ((i = 0; i < 30; i++)); do
        echo "$event:\"$i\"}"
        echo "$event:\"$i\"" # cut
    done >"$T/damaged.ndjson"
    ends_with 7 "$AZDAL" cat "$T/damaged.ndjson"
    same events "$(wc -l <"$T/stdout")" 30
    same warnings "$(grep -c 'damaged.ndjson:[0-9]' "$T/said")" 20
    said 'damaged.ndjson: 10 more damaged places'
}
check "thirty damaged lines" many_damaged

# Events above ODD_WARNINGS_MAX with names that some readers refuse.
many_odd() {
    local i

    for ((i = 0; i < 9; i++)); do
        echo "$event:\"$i\",\"a\":1,\"A\":2}"
    done >"$T/odd.ndjson"
    ends_with 0 "$AZDAL" cat --format csv "$T/odd.ndjson"
    same rows "$(wc -l <"$T/stdout")" 10
    same warnings "$(grep -c 'differ by letter case alone' "$T/said")" 5
}
check "nine events with odd names" many_odd

# An object with more names than NAMES_MAX: those in front are compared, the event is whole.
many_names() {
    local i names=

    for ((i = 0; i < 1000; i++)); do names+="\"n$i\":$i,"; done
    echo "$event:\"1\",\"a\":{$names\"n5\":0,\"N999\":0}}" >"$T/names.ndjson"
    ends_with 0 "$AZDAL" cat "$T/names.ndjson"
    cmp -s "$T/stdout" "$T/names.ndjson" || fail "the event is not whole"
    ends_with 0 "$AZDAL" cat --format csv "$T/names.ndjson"
    same rows "$(wc -l <"$T/stdout")" 2
    echo "$event:\"1\",\"a\":{$names\"N255\":0}}" >"$T/names.ndjson"
    ends_with 0 "$AZDAL" cat --format csv "$T/names.ndjson"
    said 'differ by letter case alone'
}
check "an object with a thousand names" many_names

# ---- a terminal narrower than WIDTH_MIN, or wider than WIDTH_MAX ----

# The table for a terminal of so many columns. Sentences break between words: the longest line, colours
# not counted, fills so many columns but for the rest of a word, and is no longer.
terminal_of() {
    local file=tests/unit/fixtures/rules.ndjson longest

    ! on_windows || skip "needs a POSIX terminal"
    script -qec "stty cols $1 && '$AZDAL' scan '$file'" /dev/null </dev/null | tr -d '\r' |
        sed $'s/\033\\[[0-9;]*m//g' >"$T/shown"
    grep -q '^[0-9]* findings' "$T/shown" || fail "$(tail -n 3 "$T/shown")"
    longest=$(LC_ALL=C.UTF-8 wc -L <"$T/shown")
    [ "$longest" -le "$2" ] && [ "$longest" -gt $(($2 - 10)) ] || fail "longest line: $longest, not $2"
}
check "a terminal of 40 columns" terminal_of 40 80
check "a terminal of 100 columns" terminal_of 100 100
check "a terminal of 400 columns" terminal_of 400 160
