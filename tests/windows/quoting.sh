# shellcheck shell=bash disable=SC2154
# Arguments as the module quotes them (tests/ps/fixtures/quoting.jsonl, which the module's own tests
# compare with what it makes) come back as they were from a program of Windows.

# The lines of the table, each behind some first words.
lines() {
    jq -j --arg first "$1" '$first + .line + "\u0000"' "$top/tests/ps/fixtures/quoting.jsonl"
}

# What the program must print for them.
words() {
    jq -j --arg first "$1" '([$first | select(. != "")] + .words | map(. + "\u0000") | join("")) + "\n"' \
        "$top/tests/ps/fixtures/quoting.jsonl"
}

comes_back() {
    local first=$1

    lines "${first:+$first }" >lines
    words "$first" >expected
    [ "$(tr -cd '\0' <lines | wc -c)" -gt 30 ]
    PROGRAM=$T/echo.exe azdal_exe --lines lines >found
    cmp expected found
}

$host-gcc -std=c11 -Wall -Wextra -Werror -municode -DUNICODE -D_UNICODE -D__USE_MINGW_ANSI_STDIO=1 -s \
    -o "$T/echo.exe" "$here/echo.c" -lshell32
check "quoted arguments, as azdal.exe takes them apart" comes_back ''
check "quoted arguments, as the C run-time takes them apart" comes_back --crt
