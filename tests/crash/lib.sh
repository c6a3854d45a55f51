# shellcheck shell=bash disable=SC2034,SC2154,SC2119,SC2001
# What the groups of crash tests share; sourced by tests/crash/run with a folder of its own in T.
#
# AZDAL is the program under test, FAULTY its variant with fault points, SIM the simulator. The
# simulator's clock stands at NOW, ten minutes into DAY, and its events end where DAY begins, so
# that the newest of them are not settled.

DAY=$(date -u +%Y-%m-%d)
NOW=${DAY}T00:10:00Z
SINCE=$(date -u -d "$DAY 2 days ago" +%Y-%m-%d)
SEED=${SEED:-1}
passed=0
failed=0
skipped=0

# ---- results ----

# Run one test: a name, then a command. It passes when the command returns 0; 77 skips it.
check() {
    local name=$1 status

    shift
    set +e
    (
        set -e
        "$@"
    ) >"$T/output" 2>&1
    status=$?
    set -e
    case $status in
    0) passed=$((passed + 1)) ;;
    77)
        skipped=$((skipped + 1))
        echo "skipped: $name: $(tail -n 1 "$T/output")"
        ;;
    *)
        failed=$((failed + 1))
        echo "FAILED: $name: status $status"
        sed 's/^/    /' "$T/output"
        ;;
    esac
}

# End the test that is running.
fail() {
    echo "$@"
    exit 1
}

# Leave out a test on what cannot have the thing that it needs.
skip() {
    echo "$@"
    exit 77
}

# Whether the program is one of Windows, under wine.
on_windows() {
    case $AZDAL in
    *wine* | *.exe) ;;
    *) return 1 ;;
    esac
}

# Compare what was found with what was expected.
same() {
    [ "$2" = "$3" ] || fail "$1: is '$2', expected '$3'"
}

# ---- the simulator ----

sims=()

# Start a simulator: its name, then its options. Sets URL; its requests go to $T/NAME.log. One that
# a test has started ends with the test.
sim_start() {
    local name=$1 line pid

    shift
    rm -f "$T/$name.in" "$T/$name.out"
    : >"$T/$name.log"
    mkfifo "$T/$name.in" "$T/$name.out"
    "$SIM" serve --now "$NOW" --days 2 --log "$T/$name.log" "$@" \
        <"$T/$name.in" >"$T/$name.out" 2>"$T/$name.err" &
    pid=$!
    sims+=("$pid")
    # The server ends when its input does: when this shell is gone.
    exec {sim_input}>"$T/$name.in"
    if ! read -r line <"$T/$name.out"; then
        cat "$T/$name.err" >&2
        return 1
    fi
    URL=$(sed 's/.*"url":"\([^"]*\)".*/\1/' <<<"$line")
    SIM_PID=$pid
    SIM_LOG=$T/$name.log
}

# Stop all simulators that this group has started.
sim_stop() {
    local pid

    for pid in "${sims[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    sims=()
}

# Requests that a simulator has answered so far.
requests() {
    wc -l <"$SIM_LOG"
}

# A random number from $1 to $2; the sequence depends on SEED and the group alone.
random() {
    random_state=$(((random_state * 1103515245 + 12345) % 2147483648))
    number=$(($1 + (random_state >> 8) % ($2 - $1 + 1)))
}

# A pause inside a loop that waits for a condition.
# shellcheck disable=SC2120
tick() {
    read -r -t "${1:-0.01}" _ <&"$never" || true
}

# Wait until a command succeeds; it fails after 30 seconds.
wait_until() {
    local end=$((SECONDS + 30))

    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || fail "waited in vain for: $*"
        tick
    done
}

# ---- the program ----

options=() # of every acquisition in this group

# The program's clock says what the simulator's does: a server's time is believed only where it agrees
# with this machine's, and only what was asked for a day after its end is settled. Under wine there is
# no such clock.
set_clock() {
    clock=()
    on_windows || clock=("LD_PRELOAD=$(printf '%s\n' /usr/lib/*/faketime/libfaketime.so.1 | head -n 1)"
        TZ=UTC "FAKETIME=@$(date -u -d "$NOW" '+%Y-%m-%d %H:%M:%S')" FAKETIME_DONT_FAKE_MONOTONIC=1)
}

# For tests of what is settled.
needs_clock() {
    ! on_windows || skip "the clock of a program under wine cannot be set"
}

# Run an acquisition with a program into a folder; more options behind.
acquire() {
    local program=$1 dir=$2 clock

    shift 2
    set_clock
    env "${clock[@]}" "$program" acquire --endpoint "$URL" --token-file "$T/token" \
        --since "$SINCE" --quiet "${options[@]}" "$@" "$dir"
}

# The same in the background; sets RUN_PID.
start() {
    local program=$1 dir=$2 clock

    shift 2
    set_clock
    env "${clock[@]}" "$program" acquire --endpoint "$URL" --token-file "$T/token" \
        --since "$SINCE" --quiet "${options[@]}" "$@" "$dir" 2>"$T/started" &
    RUN_PID=$!
}

# verify says that an export is right. By an earlier clock it would have been finished in the future.
verified() {
    local clock

    set_clock
    ends_with 0 env "${clock[@]}" "$AZDAL" verify "$1"
}

# Run a command that has to end with a status; what it says is left in $T/said.
ends_with() {
    local expected=$1 status=0

    shift
    "$@" >"$T/stdout" 2>"$T/said" || status=$?
    [ "$status" = "$expected" ] ||
        fail "status $status, expected $expected: $* $(cat "$T/said"; head -c 1000 "$T/stdout")"
}

# What a run said on standard error has to match a pattern.
said() {
    grep -qE -- "$1" "$T/said" || fail "not said: $1: $(cat "$T/said")"
}

# Digest of each scope's content, one a line; days are put together.
digest() (
    cd "$1" || exit 1
    local file scope before=

    for file in *.ndjson.gz managementGroups/* subscriptions/*; do
        [ ! -f "$file" ] || echo "$(zcat "$file" | sha256sum | cut -c 1-64) ${file%.ndjson.gz}"
    done
    for file in scope=*; do
        [ ! -d "$file" ] || echo "$(find "$file" -name events.ndjson.gz -print0 | sort -z |
            xargs -0 zcat | sha256sum | cut -c 1-64) $file"
    done
)

# An export is whole: its content is as given, its proofs hold, nothing else is left.
whole() {
    local dir=$1 expected=$2

    same "content of $dir" "$(digest "$dir")" "$expected"
    (cd "$dir" && sha256sum -c --quiet SHA256SUMS) || fail "$dir: SHA256SUMS"
    verified "$dir"
    [ ! -e "$dir/.partial" ] || fail "$dir/.partial is left"
    without_token "$dir"
}

# The token is nowhere in a folder.
without_token() {
    if grep -rqF "$(cat "$T/token")" "$1"; then
        fail "$1 holds the token"
    fi
}

# The events that a scope has, as the simulator knows them: its digest.
expected() {
    "$SIM" expected --now "$NOW" --days 2 --since "$SINCE" "$@" | sha256sum | cut -c 1-64
}
