# shellcheck shell=bash disable=SC2154
# Tokens from commands and pipes, and how a run is interrupted.

sim_options=(--now "$now" --days 2 --events 1500)
expected=$("$SIM" expected "${sim_options[@]}" --since "$since" --until "$until" | sha256sum | cut -c 1-64)

# `acquire` with a command that prints the token.
by_command() {
    "$here/wine-azdal" acquire --endpoint "$URL" --token-command "$1" --since "$since" \
        --until "$until" --quiet out 8>&-
}

# This folder as Windows writes it. Commands run in another one.
this_folder() {
    printf 'Z:%s' "${PWD//\//\\}"
}

# A command of cmd.exe, with a path in quotes.
command_prints() {
    mkdir 'two words'
    cp "$T/token" 'two words/token'
    by_command "type \"$(this_folder)\\two words\\token\""
    whole out
}

# A program of the current folder is not run in place of the one on the PATH.
command_of_the_path() {
    mkdir bin
    printf '@echo off\r\necho hijacked >"%s\\hijacked"\r\n' "$(this_folder)" >az.cmd
    printf '@type "%s\\token"\r\n' "$(this_folder)" >bin/az.cmd
    cp "$T/token" token
    WINEPATH=$(this_folder)\\bin by_command 'az account get-access-token'
    [ ! -e hijacked ] || fail "az.cmd of the current folder was run"
    whole out
}

# Several commands, a pipe and text that must not be lost.
command_with_operators() {
    cp "$T/token" token
    by_command "echo.>nul & type \"$(this_folder)\\token\" | more"
    whole out
}

# The reason is told, the command is not.
command_fails() {
    local status=0

    by_command 'echo canary-4711 & exit 5' 2>said || status=$?
    same status "$status" 3
    grep -q 'token-command: exited with status 5' said
    ! grep -q canary said || fail "$(cat said)"
    [ ! -e out/manifest.json ]
}

# What a command prints is bounded.
command_floods() {
    local status=0

    by_command 'for /l %i in (1,1,2000) do @echo 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789' 2>said || status=$?
    same status "$status" 3
    grep -q 'printed more than' said
}

# A token that comes down a pipe, with the line end and the mark that Windows programs put there.
token_from_pipe() {
    { printf '\xef\xbb\xbf' && tr -d '\n' <"$T/token" && printf '\r\n'; } |
        "$here/wine-azdal" acquire --endpoint "$URL" --token-stdin --since "$since" --until "$until" \
            --quiet out 8>&-
    whole out
}

# The reader of standard input is still waiting when the run is over: that does not keep it.
open_input() {
    mkfifo input
    "$here/wine-azdal" acquire --endpoint "$URL" --token-stdin --since "$since" --until "$until" \
        --quiet out <input 8>&- &
    exec 7>input
    cat "$T/token" >&7
    wait $!
    exec 7>&-
    whole out
}

# The command is still running when its run is interrupted: it ends with it.
interrupted_with_command() {
    local pid status=0

    "$here/wine-azdal" acquire --endpoint "$URL" --token-command "echo there>\"$(this_folder)\\started\" & ping -n 60 127.0.0.1 >nul" \
        --since "$since" --until "$until" --quiet out 2>said 8>&- &
    pid=$!
    until [ -e started ] || ! kill -0 "$pid"; do
        read -r -t 0.05 _ <>"$T/never" || true
    done
    kill -INT "$pid"
    wait "$pid" || status=$?
    same status "$status" 130
}

[ -p "$T/never" ] || mkfifo "$T/never"
sim_start "${sim_options[@]}"
check "a token from cmd.exe" command_prints
check "a command is looked for on the PATH alone" command_of_the_path
check "a token from several commands" command_with_operators
check "a command that fails" command_fails
check "a command that prints too much" command_floods
check "a token from a pipe" token_from_pipe
check "standard input that stays open" open_input
check "Ctrl+C while the command runs" interrupted_with_command
sim_stop
