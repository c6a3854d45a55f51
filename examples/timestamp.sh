#!/bin/sh
# Fix an export in time: an RFC 3161 timestamp of its manifest.json, made and checked with public
# tools alone (openssl, curl). The manifest holds the SHA-256 of everything else, so a stranger's
# signature over its digest proves that the whole export existed then and has not changed since.
#
#   timestamp.sh make  DIR URL [FILE]      ask the authority at URL; the reply goes to FILE
#   timestamp.sh check DIR CA  [FILE]      CA: the authority's root certificate (PEM)
#
# FILE is DIR-timestamp.tsr beside the export, never in it: azdal acquire refuses a folder that holds
# files it did not write. Keep FILE and the authority's certificate with the case notes.
set -eu

usage() {
    sed -n 's/^#   //p' "$0" >&2
    exit 2
}

[ $# -ge 3 ] || usage
dir=${2%/}
file=${4:-$dir-timestamp.tsr}
[ -f "$dir/manifest.json" ] || { echo "$dir: no manifest.json: not an export" >&2; exit 6; }

case $1 in
make)
    query=$(mktemp)
    trap 'rm -f "$query"' EXIT
    openssl ts -query -data "$dir/manifest.json" -sha256 -cert -out "$query"
    curl --fail --silent --show-error --header 'Content-Type: application/timestamp-query' \
        --data-binary "@$query" --output "$file" "$3"
    openssl ts -reply -in "$file" -text | sed -n 's/^Time stamp: /timestamp: /p'
    ;;
check)
    openssl ts -verify -data "$dir/manifest.json" -in "$file" -CAfile "$3" 2>&1 |
        grep -q '^Verification: OK' || { echo "$dir: not what $file fixed" >&2; exit 7; }
    openssl ts -reply -in "$file" -text | sed -n 's/^Time stamp: /existed at /p'
    # The manifest is what it was; the rest is what the manifest says.
    azdal verify "$dir"
    ;;
*) usage ;;
esac
