# shellcheck shell=bash disable=SC2154
# The module's own tests in PowerShell for Windows, with azdal.exe. What wine cannot do is named, with the
# reason, in pester.txt. The simulator and the scripts that stand in for azdal run on this system: relay.exe
# passes them on. PESTER names some of the files: "Join Report".

pester_file() {
    local name=$1 last passed_here failed_here skipped_here

    # What is shown fits the terminal.
    [ "$name" != Story.Tests.ps1 ] || local -x POWERSHELL_COLUMNS=80
    powershell_exe -File "$(windows_name "$top/tests/ps/Run.ps1")" -Skip "$(windows_name "$here/pester.txt")" \
        "$(windows_name "$top/tests/ps/$name")" >"$T/pester.out" 2>&1 || true
    last=$(grep -oE 'counts: [0-9]+ [0-9]+ [0-9]+$' "$T/pester.out" | tail -n 1 || true)
    [ -n "$last" ] || { cat "$T/pester.out" && last='counts: 0 1 0'; }
    read -r _ passed_here failed_here skipped_here <<<"$last"
    passed=$((passed + passed_here)) failed=$((failed + failed_here)) skipped=$((skipped + skipped_here))
    echo "$name: $passed_here passed, $failed_here failed, $skipped_here skipped"
    sed 's/counts: [0-9 ]*$//; /^$/d' "$T/pester.out" | sed 's/^/    /' || true
}

if "$here/make-powershell" "$top/build/windows-pwsh"; then
    mkdir -p "$T/relay"
    $host-gcc -std=c11 -Wall -Wextra -Werror -s -o "$T/relay/sim.exe" "$here/relay.c" -lws2_32 -lshell32
    ln -s "$SIM" "$T/relay/sim"
    mkfifo "$T/relay/in" "$T/relay/port"
    python3 "$here/relay.py" <"$T/relay/in" >"$T/relay/port" &
    relay_pid=$!
    exec 7>"$T/relay/in"
    read -r RELAY_PORT <"$T/relay/port"
    (
        export RELAY_PORT RELAY AZDAL SIM POWERSHELL_SECONDS=900
        RELAY=$(windows_name "$T/relay/sim.exe")
        SIM=$RELAY
        AZDAL=$(windows_name "$exe")
        # The examples look for azdal on the PATH.
        export WINEPATH
        WINEPATH=$(windows_name "$top/build")
        exec 7>&-
        for file in ${PESTER:-$(cd "$top/tests/ps" && printf '%s\n' *.Tests.ps1)}; do
            pester_file "${file%.Tests.ps1}.Tests.ps1"
        done
        echo "$passed $failed $skipped" >"$T/relay/sum"
    )
    read -r passed failed skipped <"$T/relay/sum"
    exec 7>&-
    wait $relay_pid
else
    skipped=$((skipped + 1))
    echo "SKIPPED: the module's tests in PowerShell for Windows: it could not be put together"
fi
