#!/usr/bin/env bash
# files.sh [N...]: processor time of verify, scan and an update of exports that have N files in one
# scope, as --split day makes them over years. Twice the files must not take more than twice the time.
# Both sides are printed: seconds, and seconds for 10,000 files.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
azdal=${AZDAL:-$root/build/azdal} sim=${SIM:-$root/build/sim}
work=$(mktemp -d)
trap 'exec 8>&-; wait; rm -rf "$work"' EXIT
cd "$work"
mkfifo in out
"$sim" --events 600 <in >out &
exec 8>in
read -r url <out
url=$(sed 's/.*"url":"\([^"]*\).*/\1/' <<<"$url")
"$sim" token >token
make_export() {
    python3 - "$1" "$url" <<'PY'
import datetime, hashlib, json, os, struct, sys, zlib
n, url = int(sys.argv[1]), sys.argv[2]
os.umask(0o077)
end = datetime.date.today() - datetime.timedelta(days=2)
start = end - datetime.timedelta(days=n)
asked = f"{end}T12:00:00Z"
files, windows, sums = [], [], ""
for i in range(n):
    day, after = start + datetime.timedelta(days=i), start + datetime.timedelta(days=i + 1)
    path = f"scope=tenant/date={day}/events.ndjson.gz"
    text = f'{{"eventTimestamp":"{day}T10:00:00Z","eventDataId":"e{i}","operationName":{{"value":"Microsoft.Compute/virtualMachines/start/action"}}}}\n'.encode()
    z = zlib.compressobj(6, zlib.DEFLATED, -15)
    fragment = z.compress(text) + z.flush(zlib.Z_FULL_FLUSH)
    data = (bytes([31, 139, 8, 0, 0, 0, 0, 0, 0, 255]) + fragment + b"\x03\x00"
            + struct.pack("<II", zlib.crc32(text), len(text)))
    os.makedirs("export/" + os.path.dirname(path))
    open("export/" + path, "wb").write(data)
    digest = hashlib.sha256(data).hexdigest()
    sums += f"{digest}  {path}\n"
    files.append({"path": path, "bytes": len(data), "sha256": digest, "content": {
        "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest(), "lines": 1}})
    windows.append({"from": f"{day}T00:00:00Z", "to": f"{after}T00:00:00Z", "events": 1, "file": path,
        "offset": 10, "deflated": len(fragment), "plain": len(text), "crc32": "%08x" % zlib.crc32(text),
        "askedAt": asked, "closed": "drained", "requestIds": []})
m = json.dumps({"schema": 1, "tool": "azdal 0.1.0", "started": asked, "finished": asked, "endpoint": url,
    "identity": None, "query": {"since": f"{start}T00:00:00Z", "until": f"{end}T00:00:00Z",
        "scopes": ["tenant"], "clamped": False, "strict": False},
    "clockSkewSeconds": 0, "verdict": "COMPLETE", "roleAssignments": None, "scopes": [{
        "scope": "tenant", "status": "complete", "error": None, "settledUntil": f"{end}T00:00:00Z", "events": n,
        "firstEvent": f"{start}T10:00:00Z", "lastEvent": f"{end - datetime.timedelta(days=1)}T10:00:00Z",
        "duplicatesDropped": 0, "conflictingIds": 0, "outsideRange": 0, "requests": 1, "retries": 0,
        "files": files, "windows": windows}]}).encode()
open("export/manifest.json", "wb").write(m)
open("export/SHA256SUMS", "w").write(sums + hashlib.sha256(m).hexdigest() + "  manifest.json\n")
PY
}
measure() {
    local what=$1 n=$2 seconds
    shift 2
    TIMEFORMAT='%U %S'
    seconds=$({ time "$@" >said 2>&1; } 2>&1) || { cat said; exit 1; }
    awk -v what="$what" -v n="$n" '{ printf "%-8s %6d files: %6.2f s, %.2f s for 10,000\n", what, n, $1 + $2, ($1 + $2) * 10000 / n }' <<<"$seconds"
}
for n in "${@:-10000}"; do
    make_export "$n"
    measure verify "$n" "$azdal" verify export
    measure scan "$n" "$azdal" scan export
    [ "${UPDATE:-1}" = 0 ] || measure acquire "$n" "$azdal" acquire --endpoint "$url" --token-file token --split day export
    rm -rf export
done
