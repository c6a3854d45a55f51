#!/bin/bash
# Bring an export up to date and print findings that were not there the last time: cron mails what a
# job prints, so a quiet night sends nothing.
#
#   nightly.sh FOLDER
#
# The account needs Reader at /providers/Microsoft.Insights. On a virtual machine in Azure sign in once
# with `az login --identity`; elsewhere with `az login --service-principal`.
set -uo pipefail
export LC_ALL=C
folder=${1:?usage: nightly.sh FOLDER}
known=$folder.findings

# Status 9 is an export that says itself what is missing: there is something to look at.
azdal acquire --quiet \
    --token-command 'az account get-access-token --query accessToken -o tsv' "$folder"
status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 9 ] || exit "$status"

touch "$known" && chmod 600 "$known" || exit 6
azdal scan --format ndjson --min-severity medium "$folder" |
    jq -r '[.time, .severity, .rule, .outcome, .caller // .callerObjectId // "unknown",
            .roleDefinitionName // "", .scope // "", .principalId // ""] | @tsv' |
    sort -u >"$known.new" || exit
comm -13 "$known" "$known.new"
mv "$known.new" "$known" || exit 6
exit "$status"
