# shellcheck shell=bash disable=SC2034,SC2154
# Disks that are full: on the segment, the journal, published files and the manifest; and standard
# output that cannot be written. Status 6, nothing half-published, and the same command goes on.

tenant=(--events 1500)
content="$(expected --until "$DAY" "${tenant[@]}") tenant"
sim_start disk "${tenant[@]}"

# No file may grow beyond so many KiB. Messages go through a pipe, which has no size.
limited() {
    local status

    set +e # the statuses of a pipe are looked at one by one
    rm -rf "$T/dir"
    (
        [ "$1" -gt 0 ] || trap '' XFSZ # the clock's library makes a file of its own before azdal begins
        ulimit -f "$1"
        acquire "$AZDAL" "$T/dir" --until "$DAY"
    ) 2>&1 | cat >"$T/said"
    status=${PIPESTATUS[0]}
    [ "$status" = 0 ] || same "status ($(cat "$T/said"))" "$status" 6
    [ "$status" = 0 ] || [ ! -e "$T/dir/manifest.json" ] || fail "something was published"
    [ "$status" = 6 ] || [ "$1" -gt 400 ] || fail "the limit was not reached"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
    whole "$T/dir" "$content"
}
for size in 0 1 2 8 64 200 400 2000; do
    check "no file above $size KiB" limited "$size"
done

# A small disk, mounted where only this group sees it; then the same one, larger.
full() {
    local status=0

    [ "$PRIVATE" -gt 0 ] || skip "a disk cannot be mounted here"
    mkdir -p "$T/disk"
    mount -t tmpfs -o size="$1k" none "$T/disk" || skip "mount is refused"
    acquire "$AZDAL" "$T/disk/dir" --until "$DAY" 2>"$T/said" || status=$?
    [ "$status" = 0 ] || same "status ($(cat "$T/said"))" "$status" 6
    [ "$status" = 0 ] || [ ! -e "$T/disk/dir/manifest.json" ] || fail "something was published"
    mount -o remount,size=64m "$T/disk"
    ends_with 0 acquire "$AZDAL" "$T/disk/dir" --until "$DAY"
    whole "$T/disk/dir" "$content"
    umount "$T/disk"
}
for size in 4 8 12 16 100 400 800 1200 1600 1732 1740 1748 1756 1764; do
    check "a disk of $size KiB" full "$size"
done

# Standard output cannot be written.
stream() {
    "$AZDAL" acquire --endpoint "$URL" --token-file "$T/token" --since "$SINCE" --until "$DAY" \
        --quiet --stdout
}
to_full() {
    local status=0

    stream >/dev/full 2>"$T/said" || status=$?
    same status "$status" 6
}
check "standard output is full" to_full
to_closed_pipe() {
    local status

    set +e
    stream 2>"$T/said" | head -n 1 >"$T/stdout"
    status=${PIPESTATUS[0]}
    same status "$status" 6
}
check "the reader of standard output goes away" to_closed_pipe

# Wine takes the numbers of closed streams for its own connections, which do not survive that.
not_under_wine() {
    ! on_windows || skip "wine needs all standard streams"
}

# A standard output that is closed takes no data: 6 where there is some, and never a word of it in a
# file or a connection that got its number.
closed_output() {
    local status=0

    not_under_wine
    "$AZDAL" "$@" >&- 2>"$T/said" || status=$?
    same "status ($(cat "$T/said"))" "$status" 6
    said 'standard output cannot be written'
}
published() {
    rm -rf "$T/dir"
    ends_with 0 acquire "$AZDAL" "$T/dir" --until "$DAY"
}
check "an export to read from" published
check "--stdout, closed" closed_output acquire --endpoint "$URL" --token-file "$T/token" \
    --since "$SINCE" --until "$DAY" --quiet --stdout
check "--stdout --newest, closed" closed_output acquire --endpoint "$URL" --token-file "$T/token" \
    --since "$SINCE" --until "$DAY" --quiet --stdout --newest 3
for format in ndjson json csv; do
    check "cat --format $format, closed" closed_output cat --format "$format" "$T/dir"
done
for format in table ndjson csv; do
    check "scan --format $format, closed" closed_output scan --format "$format" "$T/dir"
done
check "verify, closed" closed_output verify "$T/dir"
check "rules, closed" closed_output rules
check "--help, closed" closed_output --help
check "--version, closed" closed_output --version

# Any of the standard streams closed: the run goes on, and no message lands in a file of its own.
closed_streams() {
    local status=0

    not_under_wine
    rm -rf "$T/dir"
    (
        eval "exec $1"
        AZDAL_FAULT=stitched exec "$FAULTY" acquire --endpoint "$URL" --token-file "$T/token" \
            --since "$SINCE" --until "$DAY" --progress json --verbose "$T/dir"
    ) || status=$?
    same "status of the cut" "$status" 137
    ! grep -rlE '"event":"(progress|warning)"' "$T/dir" || fail "a message is in a file"
    (
        eval "exec $1"
        exec "$AZDAL" acquire --endpoint "$URL" --token-file "$T/token" --since "$SINCE" \
            --until "$DAY" --progress json --verbose "$T/dir"
    )
    whole "$T/dir" "$content"
}
for streams in '0<&-' '1>&-' '2>&-' '0<&- 2>&-' '0<&- 1>&- 2>&-'; do
    check "closed: $streams" closed_streams "$streams"
done
