# shellcheck shell=bash disable=SC2154
# Names: of files made from ids that Windows reserves, of folders, and in manifests of others.

# Ids that are a device's name, or have a letter that no file may have, or dots at an edge.
ids=(CON nul.txt aux. Prn LPT9.a.b com1 conin\$ con. .hidden end. 'a:b'
    'a<b>|c' 'a"b' 'José' plain '(ok)_1-x.y')

# Both programs make the same files from them; each reads what the other has made.
reserved_ids() {
    local id scopes=()

    for id in "${ids[@]}"; do
        scopes+=(--scope "mg:$id")
    done
    acquire "$AZDAL" linux "${scopes[@]}" "$@"
    acquire azdal_exe windows "${scopes[@]}" "$@"
    (cd linux && find . -type f | sort) >linux.files
    (cd windows && find . -type f | sort) >windows.files
    cmp linux.files windows.files
    [ "$(grep -c 'ndjson.gz$' windows.files)" = ${#ids[@]} ]
    grep 'ndjson.gz$' windows.files | LC_ALL=C grep -E '[^[:alnum:]_.()%=/-]' && fail "a name that not every system takes"
    (cd windows && sha256sum -c --quiet SHA256SUMS)
    for id in linux windows; do
        azdal_exe verify $id
        "$AZDAL" verify $id
        azdal_exe cat $id >$id.events
    done
    cmp linux.events windows.events
    [ "$(wc -l <windows.events)" = ${#ids[@]} ]
    # And up to date.
    acquire azdal_exe windows "${scopes[@]}" "$@"
    azdal_exe verify windows
}

# A manifest that names a device: there is no such file, and nothing waits for a keyboard.
names_a_device() {
    local name

    acquire "$AZDAL" export --scope mg:plain
    for name in con nul aux com1 'conin$' managementGroups/con; do
        jq --arg name "$name" '.scopes[0].files[0].path = $name | (.scopes[0].windows[] | select(.file)).file = $name' \
            export/manifest.json >changed
        rm -rf other
        mkdir other
        cp changed other/manifest.json
        for command in verify cat scan; do
            ended_by=0
            timeout 20 "$here/wine-azdal" $command other >out 2>said || ended_by=$?
            same "status of $command with $name ($(cat said))" "$ended_by" 7
            cat out said | grep -F "$name" | grep -qE 'No such file|plain file|missing' || fail "$command with $name: $(cat out said)"
        done
    done
}

# Dots and spaces behind a name are not part of it.
dots_at_the_end() {
    acquire azdal_exe 'one.. /two. ' --scope mg:plain
    azdal_exe verify one/two
    azdal_exe verify '.\one.\.\two  '
    azdal_exe verify "one/..././two/../two." 2>said && fail "a folder that is not there"
    [ -s one/two/manifest.json ]
}

# A batch file of a user with such a name, whose profile and temporary folder have it too. Letters
# beyond ASCII come to it in the environment, so that no code page of the file is in play.
profile() {
    local user="$PWD/Łukasz Müller" status=0

    mkdir -p "$user/Temp"
    printf '%s\r\n' '@echo off' 'set USERPROFILE=%NEW_PROFILE%' 'set TMP=%USERPROFILE%\%NEW_TMP%' 'set TEMP=%TMP%' \
        'set WHERE=--stdout' 'if "%1"=="folder" set WHERE="%USERPROFILE%\export"' \
        "\"Z:${exe//\//\\}\" acquire --endpoint $URL --token-file \"$T/token\" --since $since --until $until --quiet %WHERE%" >azdal.bat
    by_batch() {
        NEW_PROFILE=Z:${user//\//\\} NEW_TMP=$1 PROGRAM=cmd "$here/wine-azdal" /d /c azdal.bat "$2" 8>&-
    }
    by_batch Temp folder
    (cd "$user/export" && sha256sum -c --quiet SHA256SUMS)
    by_batch Temp stdout >events
    zcat "$user/export/tenant.ndjson.gz" | cmp - events
    [ -z "$(ls "$user/Temp")" ] || fail "left: $(ls "$user/Temp")"
    # The folder is needed, and named where it is missing.
    by_batch none stdout >events 2>said || status=$?
    same status "$status" 6
    grep -qF 'Łukasz Müller\none' said || fail "$(cat said)"
}

coproc names { python3 "$here/names.py" 8>&-; }
read -r URL <&"${names[0]}"
check "ids that are reserved names, or have colons" reserved_ids
check "the same by day" reserved_ids --split day
check "a manifest that names a device" names_a_device
check "dots and spaces at the end of a folder's name" dots_at_the_end
check "the profile of a user with letters beyond ASCII" profile
eval "exec ${names[1]}>&-"
wait "$names_PID"
