# shellcheck shell=bash disable=SC2154
# The module in PowerShell 7 for Windows, with azdal.exe: it gives what it gives on Linux.

same_as_on_linux() {
    local module=ps/AzDirectoryActivityLog/AzDirectoryActivityLog.psd1 token

    token=$(cat "$T/token")
    mkdir linux windows
    "$top/tests/ps/powershell" -File "$here/powershell.ps1" "$top/$module" "$AZDAL" "$URL" "$token" "$PWD/linux" 8>&-
    powershell_exe -File "$(windows_name "$here/powershell.ps1")" "$(windows_name "$top/$module")" "$(windows_name "$exe")" \
        "$URL" "$token" "$(windows_name "$PWD/windows")" 8>&-
    [ "$(grep -c '^COMPLETE' linux/said.txt)" = 2 ]
    [ "$(wc -l <linux/said.txt)" -gt 8 ] || fail "no findings: $(cat linux/said.txt)"
    diff linux/said.txt <(tr -d '\r' <windows/said.txt)
    same digests "$(jq -c '[.scopes[].files[] | [.path, .content]]' windows/export/manifest.json)" \
        "$(jq -c '[.scopes[].files[] | [.path, .content]]' linux/export/manifest.json)"
}

if "$here/make-powershell" "$top/build/windows-pwsh"; then
    sim_start --events 300 --days 10 --now 2026-11-20T00:10:00Z
    check "the module in PowerShell for Windows" same_as_on_linux
    sim_stop
else
    skipped=$((skipped + 1))
    echo "SKIPPED: the module in PowerShell for Windows: it could not be put together"
fi
