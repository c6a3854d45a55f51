#!/usr/bin/env bash
# What people write by hand: `loop.sh URL TOKEN-FILE OUT` follows the next links with curl, takes the
# events out with jq and compresses them with gzip.
set -euo pipefail
url=$1
token=$(<"$2")
page=$(mktemp)
trap 'rm -f "$page"' EXIT

while [ -n "$url" ]; do
    curl -sSf --retry 30 --retry-all-errors -o "$page" -H "Authorization: Bearer $token" "$url"
    jq -c '.value[]' "$page"
    url=$(jq -r '.nextLink // empty' "$page")
done | gzip -6 >"$3"
