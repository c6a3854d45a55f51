# shellcheck shell=bash disable=SC2034,SC2154
# What stands in DIR: two runs at a time, --restart, foreign files, and a state that was damaged.
# The outcome is the right content, or status 8 with everything left as it was.

tenant=(--events 3000)
options=(--connections 3)
sim_start state "${tenant[@]}" --latency-ms 20
content="$(expected --until "$DAY" "${tenant[@]}") tenant"
early=$(date -u -d "$DAY 12 hours ago" +%Y-%m-%dT%H:%M:%SZ)
before="$(expected --until "$early" "${tenant[@]}") tenant"

# A state in which much was fetched and nothing published, as a crash leaves it.
unfinished() {
    local status=0

    rm -rf "$T/state"
    AZDAL_FAULT=stitched acquire "$FAULTY" "$T/state" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    [ "$(grep -c '"k":"w"' "$T/state/.partial/journal")" -gt 3 ] || fail "too few windows"
}
check "an unfinished state" unfinished

# A copy of it to be damaged.
copy() {
    rm -rf "$T/dir"
    cp -a "$T/state" "$T/dir"
}

# The run ends with the right content.
recovers() {
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY" "$@"
    whole "$T/dir" "$content"
}

# The run ends with 8, names the way out, and the way out leads there.
refuses() {
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY"
    said "$1"
    said '--restart'
    recovers --restart
}

# ---- two at a time ----

in_use() {
    rm -rf "$T/dir"
    sim_start slow "${tenant[@]}" --latency-ms 500
    start "$AZDAL" "$T/dir" --until "$DAY"
    wait_until test -s "$T/dir/.partial/journal"
    ends_with 6 acquire "$AZDAL" "$T/dir" --until "$DAY"
    said 'in use by another run'
    ends_with 6 acquire "$AZDAL" "$T/dir" --until "$DAY" --restart
    said 'in use by another run'
    kill -0 "$RUN_PID" || fail "the first run was over too soon"
    wait "$RUN_PID" || fail "the first run: status $? $(cat "$T/started")"
    whole "$T/dir" "$content"
}
check "the second of two runs at a time is refused" in_use

# Ten at once, again and again, until one has published: no harm, no other status.
crowd() {
    local round i status pids done_once=

    rm -rf "$T/dir"
    for round in 1 2 3; do
        pids=()
        for i in 1 2 3 4 5; do
            start "$AZDAL" "$T/dir" --until "$DAY"
            pids+=("$RUN_PID")
        done
        for i in "${pids[@]}"; do
            status=0
            wait "$i" || status=$?
            case $status in
            0) done_once=1 ;;
            6) ;;
            *) fail "round $round: status $status" ;;
            esac
        done
    done
    [ -n "$done_once" ] || fail "no run came through"
    whole "$T/dir" "$content"
}
check "five runs at once" crowd

# ---- another query, --restart ----

another_query() {
    copy
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY" --scope sub:*
    said 'another query: it was started with --scope tenant; you asked for sub:\*'
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$early"
    said 'another query: it was started with --until'
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY" --split day
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY" --strict
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$early" --restart
    whole "$T/dir" "$before"
}
check "another query is refused and --restart forgets the old one" another_query

restart_keeps() {
    local status=0 sum

    rm -rf "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$early"
    sum=$(sha256sum "$T/dir/manifest.json" "$T/dir/tenant.ndjson.gz")
    AZDAL_FAULT=stitched acquire "$FAULTY" "$T/dir" --until "$DAY" --restart || status=$?
    same "status of the cut" "$status" 137
    same "the old export" "$(sha256sum "$T/dir/manifest.json" "$T/dir/tenant.ndjson.gz")" "$sum"
    verified "$T/dir"
    recovers
}
check "--restart keeps the old export until the new one is there" restart_keeps

# ---- foreign files ----

foreign() {
    local at=$1 listing

    shift
    rm -rf "$T/dir"
    mkdir -p "$T/dir/$(dirname "$at")"
    echo precious >"$T/dir/$at"
    listing=$(cd "$T/dir" && find . | sort)
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY" "$@"
    said "$(basename "$at")|$(cut -d / -f 1 <<<"$at")"
    same files "$(cd "$T/dir" && find . | sort)" "$listing"
    same content "$(cat "$T/dir/$at")" precious
}
check "a foreign file" foreign notes.txt
check "a foreign file in a folder" foreign managementGroups/notes.txt
check "a foreign file, --restart" foreign notes.txt --restart
check "a file with the name of ours" foreign tenant.ndjson.gz
check "a manifest that is none" foreign manifest.json

foreign_beside() {
    rm -rf "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$early"
    echo precious >"$T/dir/notes.txt"
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY"
    said 'notes.txt'
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY" --restart
    same content "$(digest "$T/dir")" "$before"
    rm "$T/dir/notes.txt"
    recovers
}
check "a foreign file beside an export" foreign_beside

foreign_beside_unfinished() {
    copy
    echo precious >"$T/dir/notes.txt"
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY"
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY" --restart
    rm "$T/dir/notes.txt"
    recovers
}
check "a foreign file beside an unfinished state" foreign_beside_unfinished

not_a_folder() {
    rm -rf "$T/dir"
    echo precious >"$T/dir"
    ends_with 6 acquire "$AZDAL" "$T/dir" --until "$DAY"
    same content "$(cat "$T/dir")" precious
}
check "DIR is a file" not_a_folder

# Links are not followed out of DIR.
linked() {
    ! on_windows || skip "wine shows links as what they lead to"
    rm -rf "$T/dir" "$T/elsewhere"
    mkdir "$T/dir" "$T/elsewhere"
    echo precious >"$T/elsewhere/file"
    ln -s "$T/elsewhere" "$T/dir/$1"
    if acquire "$AZDAL" "$T/dir" --until "$DAY" 2>"$T/said"; then
        fail "acquired through a link"
    fi
    same files "$(ls -A "$T/elsewhere")" file
}
check ".partial is a link" linked .partial
check "managementGroups is a link" linked managementGroups

# ---- a damaged journal ----

journal() {
    wc -c <"$T/state/.partial/journal"
}

# Without its first record nothing says what the rest of the state is.
torn() {
    copy
    truncate -s "$1" "$T/dir/.partial/journal"
    if [ "$1" -eq 0 ]; then
        refuses 'journal: empty'
    elif [ "$1" -lt "$(head -n 1 "$T/state/.partial/journal" | wc -c)" ]; then
        refuses 'its first record is incomplete'
    else
        recovers
    fi
}
for i in 1 2 3 4 5 6; do
    random 0 $(($(journal) - 1))
    check "a journal cut off at byte $number" torn "$number"
done
check "an empty journal" torn 0
check "a journal without its last line end" torn $(($(journal) - 1))

appended() {
    copy
    printf '%s' "$1" >>"$T/dir/.partial/journal"
    recovers
}
check "garbage behind the journal" appended 'garbage without an end'
garbage_line() {
    copy
    echo '00000000 {"k":"w"}' >>"$T/dir/.partial/journal"
    refuses 'journal: line [0-9]+ is damaged'
}
check "a line of garbage behind the journal" garbage_line

# Whatever bit is flipped: the right content, or 8.
flipped() {
    local file=$T/dir/$1 at=$2 bit=$3 byte status=0

    copy
    byte=$(od -An -tu1 -j "$at" -N 1 "$file")
    printf '%b' "\\x$(printf '%02x' $((byte ^ (1 << bit))))" |
        dd of="$file" bs=1 seek="$at" conv=notrunc status=none
    acquire "$AZDAL" "$T/dir" --until "$DAY" 2>"$T/said" || status=$?
    if [ "$status" = 8 ]; then
        said 'restart'
        [ ! -e "$T/dir/manifest.json" ] || fail "something was published"
        recovers --restart
    else
        same "status ($(cat "$T/said"))" "$status" 0
        whole "$T/dir" "$content"
    fi
}
for i in 1 2 3 4 5 6 7 8; do
    random 0 $(($(journal) - 1))
    at=$number
    random 0 7
    check "bit $number of byte $at of the journal flipped" flipped .partial/journal "$at" "$number"
done
check "a bit of the first record flipped" flipped .partial/journal 30 2

# The journal ends right behind the record that a server's order is not to be trusted, as after a kill
# at that moment; what was trusted before is fetched again, also when the order is right by then.
distrusted() {
    local status=0 line

    rm -rf "$T/dir"
    sim_start unordered "${tenant[@]}" --fault unordered
    options=(--connections 2)
    AZDAL_FAULT=stitched acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    line=$(grep -n '"k":"distrust"' "$T/dir/.partial/journal" | head -n 1 | cut -d : -f 1)
    [ -n "$line" ] || fail "nothing was distrusted"
    [ "$line" -gt 2 ] || fail "nothing was fetched before"
    head -n "$line" "$T/dir/.partial/journal" >"$T/head"
    cp "$T/head" "$T/dir/.partial/journal"
    if [ "$1" = ordered ]; then
        kill "$SIM_PID" # and no other: the one of this group goes on
        wait "$SIM_PID" || true
        sim_start ordered "${tenant[@]}" --port "${URL##*:}"
    fi
    recovers
}
check "cut behind the record of distrust" distrusted unordered
check "cut behind the record of distrust, and the order is right then" distrusted ordered

foreign_journal() {
    copy
    echo "not ours" >"$T/dir/.partial/journal"
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY"
    [ -s "$T/dir/.partial/tenant.segment" ] || fail "what was fetched is gone"
    refuses 'journal'
}
check "a journal that is none" foreign_journal

# ---- a damaged segment ----

shorter() {
    copy
    truncate -s -1 "$T/dir/.partial/tenant.segment"
    refuses 'tenant.segment: has [0-9]+ bytes, the journal names [0-9]+'
}
check "a segment shorter than the journal says" shorter

missing() {
    copy
    rm "$T/dir/.partial/tenant.segment"
    refuses 'tenant.segment: missing, but the journal names it'
}
check "a missing segment" missing

longer() {
    copy
    echo "not in the journal" >>"$T/dir/.partial/tenant.segment"
    recovers
}
check "a segment longer than the journal says" longer

for i in 1 2 3; do
    random 0 $(($(wc -c <"$T/state/.partial/tenant.segment") - 1))
    check "a bit of byte $number of the segment flipped" \
        flipped .partial/tenant.segment "$number" 3
done

# ---- a publish that was cut and then damaged ----

publish_damaged() {
    local status=0

    rm -rf "$T/dir"
    AZDAL_FAULT=publish-noted acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    "$@"
    refuses 'published'
}
check "a file of a cut publish is lost" publish_damaged rm "$T/dir/.partial/out/tenant.ndjson.gz"

published_changed() {
    local status=0

    rm -rf "$T/dir"
    AZDAL_FAULT=renamed acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    echo >>"$T/dir/tenant.ndjson.gz"
    ends_with 8 acquire "$AZDAL" "$T/dir" --until "$DAY"
    said 'changed while it was published'
}
check "a file of a cut publish was changed" published_changed
