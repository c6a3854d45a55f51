#!/bin/sh
# Triage of files that somebody else saved, without an Azure account and without PowerShell:
#
#   offline.sh colleague.json more.ndjson.gz
#
# prints the findings and leaves findings.csv and events.csv, which a spreadsheet or Timeline Explorer
# opens. A damaged file gives what can be read of it, and the status 7.
set -u
[ $# -gt 0 ] || {
    echo "usage: offline.sh FILE..." >&2
    exit 2
}
status=0
azdal scan --min-severity medium "$@" || status=$?
azdal scan --format csv "$@" >findings.csv 2>/dev/null || status=$?
azdal cat --format csv "$@" >events.csv 2>/dev/null || status=$?
exit "$status"
