# shellcheck shell=bash disable=SC2034,SC2154
# Cut at every fault point that src/ has, on several of its passes, in several kinds of runs.

options=(--scope all --role-assignments)
sim_start points --events 800 --events-per-scope 40

# What an uncut run ends with, per kind; compared with what the simulator knows.
uncut() {
    local kind=$1

    shift
    acquire "$AZDAL" "$T/uncut-$kind" --until "$DAY" "$@" || return 1
    digest "$T/uncut-$kind" >"$T/$kind.digest"
    whole "$T/uncut-$kind" "$(cat "$T/$kind.digest")"
}

# The content of an uncut run is what the simulator says of each scope.
as_expected() {
    local sum name scope

    while read -r sum name; do
        case $name in
        tenant) scope=tenant ;;
        managementGroups/*) scope=mg:${name#*/} ;;
        subscriptions/*) scope=sub:${name#*/} ;;
        *) continue ;;
        esac
        same "$scope" "$sum" "$(expected --scope "$scope" --until "$DAY" --events 800 \
            --events-per-scope 40)"
    done <"$T/none.digest"
}

# Cut a run at a pass of a point, and run again. `before` prepares the folder. Status 1 means that
# the point was not passed so often.
cut_at() {
    local before=$1 kind=$2 point=$3 pass=$4 status=0

    shift 4
    rm -rf "$T/cut"
    "$before" "$T/cut" "$@"
    AZDAL_FAULT=$point:$pass acquire "$FAULTY" "$T/cut" --until "$DAY" "$@" 2>"$T/said" ||
        status=$?
    if [ "$status" = 0 ]; then
        : >"$T/unreached"
        return 0
    fi
    same "status of the cut ($(cat "$T/said"))" "$status" 137
    : >"$T/reached.$point"
    without_token "$T/cut"
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY" "$@"
    whole "$T/cut" "$(cat "$T/$kind.digest")"
}

nothing() {
    :
}

# An export up to noon of the day before, to be brought up to date.
half() {
    local dir=$1

    shift
    acquire "$AZDAL" "$dir" --until "$(date -u -d "$DAY 12 hours ago" +%Y-%m-%dT%H:%M:%SZ)" "$@"
}

# A part of the matrix is its first pass of each point, in new runs and in those that update.
passes=(1 2 4 7)
last_rename=40
whole_matrix() {
    [ "${WHOLE:-1}" -ne 0 ]
}
if ! whole_matrix; then
    passes=(1)
    last_rename=3
fi
points=$(grep -rhoE '\bFAULT\("[a-z-]+"\)' src --include='*.c' | sed 's/.*"\(.*\)".*/\1/' | sort -u)

check "uncut run" uncut none
check "uncut run by day" uncut day --split day
check "uncut strict run" uncut strict --strict --connections 64
check "uncut runs agree with the simulator" as_expected

# Cut at the passes of a point, until a run does not pass it so often.
cut_passes() {
    local label=$1 before=$2 kind=$3 point=$4 pass

    shift 4
    rm -f "$T/unreached"
    for pass in "${passes[@]}"; do
        [ ! -e "$T/unreached" ] || break
        check "cut at $point, pass $pass, $label" cut_at "$before" "$kind" "$point" "$pass" "$@"
    done
}

for point in $points; do
    [ "$point" != renamed ] || continue # below
    cut_passes "new" nothing none "$point"
    cut_passes "bringing up to date" half none "$point"
    whole_matrix || continue
    cut_passes "by day" half day "$point" --split day
    check "cut at $point, strict" cut_at nothing strict "$point" 1 --strict --connections 64
done

# Every rename of a publish: of a new export, of one on top of another, and by --restart.
cut_renames() {
    local label=$1 before=$2 kind=$3 pass

    shift 3
    rm -f "$T/unreached"
    for ((pass = 1; pass < last_rename; pass++)); do
        [ ! -e "$T/unreached" ] || break
        check "cut behind rename $pass, $label" cut_at "$before" "$kind" renamed "$pass" "$@"
    done
}
cut_renames "new" nothing none
cut_renames "bringing up to date" half none
cut_renames "by day" half day --split day

# A run with --restart on top of an export, cut, and run again without it.
cut_restart() {
    local point=$1 status=0

    rm -rf "$T/cut"
    half "$T/cut"
    AZDAL_FAULT=$point acquire "$FAULTY" "$T/cut" --until "$DAY" --restart 2>"$T/said" || status=$?
    same "status of the cut" "$status" 137
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY"
    whole "$T/cut" "$(cat "$T/none.digest")"
}
for point in journal-synced:2 segment-synced stitched publish-noted renamed:3 partial-emptied; do
    check "cut at $point, --restart" cut_restart "$point"
done

# A publish that is cut behind any of its renames, and --restart then: what was published is put
# right first, and all is fetched anew. Status 1 means that there are not so many renames.
restart_behind() {
    local before=$1 pass=$2 status=0 asked

    rm -rf "$T/cut"
    "$before" "$T/cut"
    AZDAL_FAULT=renamed:$pass acquire "$FAULTY" "$T/cut" --until "$DAY" 2>"$T/said" || status=$?
    if [ "$status" = 0 ]; then
        : >"$T/unreached"
        return 0
    fi
    same "status of the cut" "$status" 137
    asked=$(requests)
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY" --restart
    whole "$T/cut" "$(cat "$T/none.digest")"
    [ "$(($(requests) - asked))" -ge "$(wc -l <"$T/none.digest")" ] || fail "not all is fetched anew"
}
for before in nothing half; do
    rm -f "$T/unreached"
    for ((pass = 1; pass < last_rename; pass++)); do
        [ ! -e "$T/unreached" ] || break
        check "--restart behind rename $pass, $before published" restart_behind "$before" "$pass"
    done
    ! whole_matrix ||
        check "there are renames to be cut, $before published" test "$pass" -gt 9
done

# A publish that is cut, --restart then, which is cut as well.
restart_after() {
    local status=0

    rm -rf "$T/cut"
    AZDAL_FAULT=renamed:2 acquire "$FAULTY" "$T/cut" --until "$DAY" 2>"$T/said" || status=$?
    same "status of the cut" "$status" 137
    status=0
    AZDAL_FAULT=renamed:1 acquire "$FAULTY" "$T/cut" --until "$DAY" --restart 2>"$T/said" ||
        status=$?
    same "status of the second cut" "$status" 137
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY" --restart
    whole "$T/cut" "$(cat "$T/none.digest")"
}
check "--restart after a cut publish" restart_after

# A publish that drops files: --restart, and role assignments were asked for the first time only.
drops_a_file() {
    local status=0

    rm -rf "$T/cut"
    half "$T/cut"
    options=(--scope all)
    AZDAL_FAULT=$1 acquire "$FAULTY" "$T/cut" --until "$DAY" --restart 2>"$T/said" || status=$?
    same "status of the cut" "$status" 137
    : >"$T/reached.$1"
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY"
    [ ! -e "$T/cut/roleAssignments.ndjson.gz" ] || fail "the stale file is left"
    whole "$T/cut" "$(grep -v roleAssignments "$T/none.digest")"
}
check "cut at stale-removed" drops_a_file stale-removed
check "cut at partial-emptied with a stale file" drops_a_file partial-emptied

# Cut again and again, each time somewhere else, and again while a cut publish is rolled forward.
cut_often() {
    local i list count status

    rm -rf "$T/cut"
    read -r -a list <<<"$(tr '\n' ' ' <<<"$points")"
    count=${#list[@]}
    for i in 1 2 3 4 5; do
        status=0
        random 0 $((count - 1))
        point=${list[$number]}
        random 1 3
        AZDAL_FAULT=$point:$number acquire "$FAULTY" "$T/cut" --until "$DAY" 2>"$T/said" ||
            status=$?
        echo "$i: $point:$number: $status"
        [ "$status" = 0 ] || same "status of cut $i" "$status" 137
    done
    ends_with 0 acquire "$AZDAL" "$T/cut" --until "$DAY"
    whole "$T/cut" "$(cat "$T/none.digest")"
}
for i in 1 2 3 4; do
    check "five cuts in a row, number $i" cut_often
done

# A point that no run passes is one that this test does not test.
for point in $points; do
    whole_matrix || break
    check "$point is passed by some run" test -e "$T/reached.$point"
done
