# shellcheck shell=bash disable=SC2154
# Where exports land, and that both programs go on where the other has stopped.

sim_options=(--now "$now" --days 2 --events 3000)
expected=$("$SIM" expected "${sim_options[@]}" --since "$since" --until "$until" | sha256sum | cut -c 1-64)

# Both programs make the same files from the same events, byte for byte where no time or number of
# requests stands in them.
same_bytes() {
    local file

    acquire "$AZDAL" --connections 1 linux "$@"
    acquire azdal_exe --connections 1 windows "$@"
    (cd linux && find . -type f ! -name manifest.json ! -name SHA256SUMS | sort) >linux.files
    (cd windows && find . -type f ! -name manifest.json ! -name SHA256SUMS | sort) >windows.files
    cmp linux.files windows.files
    [ -s linux.files ]
    while read -r file; do
        cmp <(zcat "linux/$file") <(zcat "windows/$file") || fail "$file differs"
    done <linux.files
    for file in linux windows; do
        jq -S '[.verdict, (.scopes[] | [.scope, .status, .events, .firstEvent, .lastEvent,
            (.files[] | [.path, .content])])]' "$file/manifest.json" >"$file.facts"
        (cd "$file" && sha256sum -c --quiet SHA256SUMS)
        "$AZDAL" verify "$file"
        azdal_exe verify "$file"
    done
    cmp linux.facts windows.facts
}

# What scan, cat and rules print is the same.
same_output() {
    local format

    acquire "$AZDAL" export
    for format in table ndjson csv; do
        "$AZDAL" scan --format "$format" export >linux.out
        azdal_exe scan --format "$format" export >windows.out
        cmp linux.out windows.out
        [ -s linux.out ]
    done
    for format in ndjson json csv; do
        "$AZDAL" cat --format "$format" export >linux.out
        azdal_exe cat --format "$format" export >windows.out
        cmp linux.out windows.out
    done
    "$AZDAL" rules >linux.out
    azdal_exe rules >windows.out
    cmp linux.out windows.out
    # And through pipes, which have no size.
    gzip -dc export/tenant.ndjson.gz | "$AZDAL" scan --format csv - >linux.out
    # shellcheck disable=SC2002 # a pipe is what this is about
    cat export/tenant.ndjson.gz | azdal_exe scan --format csv - >windows.out
    cmp linux.out windows.out
}

# An export into a folder of some name; wine sees the names of this system as they are.
lands_in() {
    local folder=$1

    acquire azdal_exe "$folder"
    whole "$folder"
    azdal_exe verify "$folder"
    azdal_exe scan --format csv "$folder" >windows.out
    "$AZDAL" scan --format csv "$folder" >linux.out
    cmp linux.out windows.out
}

# More than 300 characters, each part within its own limit.
long_name() {
    local part i name=

    part=$(printf '%060d' 0)
    for i in 1 2 3 4 5 6; do
        name=$name/$part$i
    done
    lands_in "$PWD$name"
    [ ${#name} -gt 300 ]
    cp "$T/token" ".$name/token"
    "$here/wine-azdal" acquire --endpoint "$URL" --token-file ".$name/token" --since "$since" \
        --until "$until" --quiet short 8>&-
    whole short
}

# An absolute path of Windows, with a drive and both kinds of slashes.
windows_path() {
    lands_in "folder"
    acquire azdal_exe "Z:${PWD//\//\\}\\other/one"
    whole other/one
    azdal_exe verify "z:$PWD/other\\one"
}

# Where something was found is written with the slashes of the path that was given.
one_kind_of_slash() {
    local found folder="Z:${PWD//\//\\}\\export"

    acquire azdal_exe --scope all export
    for found in "$folder" "$folder\\"; do
        azdal_exe cat --format csv "$found" >csv
        grep -qF "Z:${PWD//\//\\}\\export\\tenant.ndjson.gz," csv
        grep -qF "export\\managementGroups\\" csv
    done
    azdal_exe cat --format csv export >csv
    grep -qF ',export/tenant.ndjson.gz,' csv
}

# A folder that another system made is taken over: under wine the rights that azdal.exe gives it are
# those of a group, too.
moved() {
    chmod -R go= out
}

# Killed in mid-run; `second` resumes and does not begin anew.
resumes_after() {
    local first=$1 second=$2 before pid

    : >"$T/sim.log"
    # As it is on the command line, so that its id is the program's own.
    case $first in
    azdal_exe) set -- "$here/wine-azdal" ;;
    *) set -- "$first" ;;
    esac
    "$@" acquire --endpoint "$URL" --token-file "$T/token" --since "$since" --until "$until" \
        --quiet --connections 2 out 8>&- &
    pid=$!
    until [ "$(wc -l <"$T/sim.log")" -ge 9 ] && [ -s out/.partial/tenant.segment ] || ! kill -0 "$pid"; do
        read -r -t 0.05 _ <>"$T/never" || true
    done
    kill -KILL "$pid"
    wait "$pid" || true
    [ ! -e out/manifest.json ] || fail "it was over before it was killed"
    [ -e out/.partial/journal ]
    before=$(wc -l <"$T/sim.log")
    moved
    acquire "$second" --connections 2 out
    whole out
    [ $(($(wc -l <"$T/sim.log") - before)) -lt 16 ] || fail "nothing was kept: $(wc -l <"$T/sim.log") requests after $before"
}

# Bringing an export up to date replaces the files that are there.
brought_up_to_date() {
    local first=$1 second=$2 noon

    noon=$(date -u -d "$until 12 hours ago" +%Y-%m-%dT%H:%M:%SZ)
    "$first" acquire --endpoint "$URL" --token-file "$T/token" --since "$since" --until "$noon" \
        --quiet out 8>&-
    moved
    acquire "$second" out
    whole out
}

mkfifo "$T/never"
sim_start "${sim_options[@]}"
check "both make the same export" same_bytes
check "both make the same export by day" same_bytes --split day
check "both make the same export of all scopes" same_bytes --scope all --role-assignments
check "both print the same" same_output
check "a folder with spaces" lands_in "two words/and three more words"
check "a folder named after a user with an accent" lands_in "Użytkownicy/José Müller/日本語"
check "a folder with a character beyond 16 bits" lands_in "😀 export"
check "a path of more than 300 characters" long_name
check "a path of Windows" windows_path
check "one kind of slash in what is found" one_kind_of_slash
check "an update by azdal.exe of an export from Linux" brought_up_to_date "$AZDAL" azdal_exe
check "an update on Linux of an export by azdal.exe" brought_up_to_date azdal_exe "$AZDAL"
sim_stop
# What is kept is what is settled: events of days ago, asked for by a clock that is right.
parts_since=$since parts_until=$until
until=$(date -u -d "$until 2 days ago" +%Y-%m-%d)
since=$(date -u -d "$until 2 days ago" +%Y-%m-%d)
sim_options=(--day "$until" --days 2 --events 3000)
expected=$("$SIM" expected "${sim_options[@]}" --since "$since" --until "$until" | sha256sum | cut -c 1-64)
sim_start "${sim_options[@]}" --latency-ms 100
check "killed on Windows, resumed on Linux" resumes_after azdal_exe "$AZDAL"
check "killed on Linux, resumed on Windows" resumes_after "$AZDAL" azdal_exe
check "killed on Windows, resumed on Windows" resumes_after azdal_exe azdal_exe
sim_stop
# The parts behind this one have the range that they began with.
since=$parts_since until=$parts_until
