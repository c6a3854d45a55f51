# shellcheck shell=bash disable=SC2034,SC2154
# Bringing an export up to date: late events, nothing new, and what is beyond retention.

tenant=(--events 5000)
noon=$(date -u -d "$DAY 12 hours ago" +%Y-%m-%dT%H:%M:%SZ)
content="$(expected --until "$DAY" "${tenant[@]}") tenant"
before="$(expected --until "$noon" "${tenant[@]}") tenant"

# Let the simulator show its late events.
release() {
    local answer

    exec 9<>"/dev/tcp/127.0.0.1/${URL##*:}"
    printf 'GET /.sim/release HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n' \
        "$(cat "$T/token")" >&9
    read -r answer <&9
    exec 9>&-
    [[ $answer == *' 200 '* ]] || fail "release: $answer"
}

# A member of the manifest's first scope.
member() {
    grep -oE "\"$2\": *(\"[^\"]*\"|[a-zA-Z0-9]+)" "$1/manifest.json" | head -n 1 |
        sed 's/^[^:]*: *//; s/"//g'
}

# An export whose newest eight events came late.
behind() {
    needs_clock
    rm -rf "$1"
    ends_with 0 acquire "$AZDAL" "$1" --until "$DAY"
    [ "$(digest "$1")" != "$content" ] || fail "the late events are there already"
    same settledUntil "$(member "$1" settledUntil | cut -c 12-16)" 00:10
    release
}

late() {
    rm -rf "$T/dir"
    sim_start late "${tenant[@]}" --fault late:8
    behind "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
    same duplicatesDropped "$(member "$T/dir" duplicatesDropped)" 0
}
check "late events are added, known ones not doubled" late

late_by_day() {
    rm -rf "$T/dir"
    sim_start late "${tenant[@]}" --fault late:8
    options=(--split day)
    behind "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "${content/tenant/scope=tenant}"
}
check "late events by day" late_by_day

late_cut() {
    local status=0

    rm -rf "$T/dir"
    sim_start late "${tenant[@]}" --fault late:8
    behind "$T/dir"
    AZDAL_FAULT=$1 acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
for point in journal-created journal-synced:2 segment-appended segment-synced stitched read-back \
    proof-written publish-noted renamed:1 renamed:2 renamed:3 partial-emptied; do
    check "late events, cut at $point" late_cut "$point"
done

# Late events that come between a cut and the next run.
late_between() {
    local status=0

    rm -rf "$T/dir"
    sim_start late "${tenant[@]}" --fault late:8
    AZDAL_FAULT=stitched acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
    same "status of the cut" "$status" 137
    release
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
check "late events between a cut and the next run" late_between

# Runs that continue one another ask again for what is not settled once a day, however often they come.
again_once_a_day() {
    local hours status

    needs_clock
    rm -rf "$T/dir"
    sim_start again "${tenant[@]}"
    for hours in 0:0 1:1 13:1 26:2; do
        NOW=$(date -u -d "$DAY 10 minutes ${hours%:*} hours" +%Y-%m-%dT%H:%M:%SZ)
        status=0
        AZDAL_FAULT=stitched acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
        same "status of the cut after ${hours%:*} hours" "$status" 137
        same "times asked again after ${hours%:*} hours" "$(grep -c '"k":"again"' "$T/dir/.partial/journal")" "${hours#*:}"
    done
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
check "what is not settled is asked for again once a day" again_once_a_day

# What was fetched once is not fetched again.
nothing_new() {
    local asked

    needs_clock
    rm -rf "$T/dir"
    NOW=$(date -u -d "$DAY 36 hours" +%Y-%m-%dT%H:%M:%SZ)
    sim_start new "${tenant[@]}" --day "$DAY"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    asked=$(requests)
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    same "requests of the second run" "$(($(requests) - asked))" 0
    whole "$T/dir" "$content"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "${DAY}T06:00:00Z"
    # By the density of what is there these hours may take two pages; an empty answer is asked for twice,
    # and then the right to read is looked up.
    [ "$(($(requests) - asked))" -le 5 ] || fail "$(($(requests) - asked)) requests of the third run"
    whole "$T/dir" "$content"
}
check "what is settled is not asked for again" nothing_new

# The server's clock jumps to so many days later, at a half; then what ends earlier than 90 days
# before is gone.
later() {
    local port=${URL##*:}

    sim_stop
    NOW=$(date -u -d "$DAY $1 days 12 hours" +%Y-%m-%dT%H:%M:%SZ)
    sim_start later "${tenant[@]}" --port "$port"
}

# [noon, DAY) is missing and its first six hours are beyond retention, and so are the twelve hours before
# noon that were not settled.
hole() {
    needs_clock
    rm -rf "$T/dir"
    sim_start hole "${tenant[@]}"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$noon"
    later 89
    NOW=${NOW/T12/T18}
    sim_stop
    sim_start later "${tenant[@]}" --port "${URL##*:}"
    for i in 1 2; do
        ends_with 9 acquire "$AZDAL" "$T/dir" --until "$DAY"
        said "INCOMPLETE.*tenant: expired: BeyondRetention: ${noon%T*}T00:10:00Z to ${noon%T*}T18.*Z is beyond"
        same status "$(member "$T/dir" status)" expired
        same verdict "$(member "$T/dir" verdict)" INCOMPLETE
        # The simulator has another tenant on that day; what was kept is what was there.
        same content "$(zcat "$T/dir/tenant.ndjson.gz" | head -n "$("$SIM" expected --now "${DAY}T00:10:00Z" \
            --days 2 --since "$SINCE" --until "$noon" "${tenant[@]}" | wc -l)" |
            sha256sum | cut -c 1-64) tenant" "$before"
        verified "$T/dir"
    done
}
check "a hole beyond retention is named" hole

# All of what is missing is beyond retention, after a finished export and after a cut.
all_gone() {
    rm -rf "$T/dir"
    sim_start gone "${tenant[@]}"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$noon"
    later 200
    ends_with 9 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$before"
}
check "all that is missing is beyond retention" all_gone

cut_and_gone() {
    local status pass

    needs_clock
    sim_start cut "${tenant[@]}" --latency-ms 100
    options=(--connections 1)
    # How much is fetched by the n-th sync depends on the disk.
    for pass in 5 6 7 8 9 10; do
        rm -rf "$T/dir"
        status=0
        AZDAL_FAULT=journal-synced:$pass acquire "$FAULTY" "$T/dir" --until "$DAY" || status=$?
        same "status of the cut" "$status" 137
        ! grep -q '"k":"w"' "$T/dir/.partial/journal" || break
    done
    grep -q '"k":"w"' "$T/dir/.partial/journal" || fail "nothing was fetched before the cut"
    later 200
    ends_with 9 acquire "$AZDAL" "$T/dir" --until "$DAY"
    same status "$(member "$T/dir" status)" expired
    [ "$(member "$T/dir" events)" -ge 200 ] || fail "what was fetched before is lost"
    verified "$T/dir"
}
check "retention ends between a cut and the next run" cut_and_gone
