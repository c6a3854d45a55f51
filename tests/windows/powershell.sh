# shellcheck shell=bash disable=SC2154
# The module in PowerShell 7 for Windows, with azdal.exe: it gives what it gives on Linux.

# PowerShell for Windows needs a terminal, or it ends at once without a word; mscoree, which the other
# parts do without; no protection of its code's pages, which ends it; and the culture tables of Windows,
# for wine has no ICU.
powershell_exe() {
    local line

    printf -v line '%q ' timeout 150 wine "$top/build/windows-pwsh/ps/pwsh.exe" -NoProfile -NonInteractive "$@"
    WINEDLLOVERRIDES='mshtml,winemenubuilder.exe=' DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0 \
        DOTNET_TieredPGO=0 DOTNET_SYSTEM_GLOBALIZATION_USENLS=1 POWERSHELL_TELEMETRY_OPTOUT=1 TERM=xterm \
        script -qec "stty cols 1000 rows 50; $line" /dev/null </dev/null |
        tr -d '\r' | sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g; s/\x1b\][^\x07]*\x07//g'
}

windows_name() {
    printf 'Z:%s' "${1//\//\\}"
}

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
