# shellcheck shell=bash disable=SC2154
# What azdal.exe is: what it needs, how it is protected, what it says of itself.

# DLLs of every Windows 10, and nothing else.
system_dlls_alone() {
    $host-objdump -p "$exe" | sed -n 's/.*DLL Name: //p' | tr '[:upper:]' '[:lower:]' | sort -u >dlls
    [ -s dlls ]
    grep -vxE 'advapi32.dll|bcrypt.dll|crypt32.dll|kernel32.dll|msvcrt.dll|shell32.dll|winhttp.dll|ws2_32.dll' dlls &&
        fail "not a DLL of the system"
    return 0
}

# A console program for x64 that the loader may place anywhere, without executable data.
protected() {
    local name

    $host-objdump -p "$exe" >header
    for name in HIGH_ENTROPY_VA DYNAMIC_BASE NX_COMPAT; do
        grep -q "$name" header || fail "no $name"
    done
    grep -q 'file format pei-x86-64' header
    grep -q 'Subsystem.*Windows CUI' header
    # ASLR needs addresses that can be changed.
    grep -q 'Base Relocation Directory' header
    grep -q 'relocations stripped' header && fail "it cannot be moved"
    $host-objdump -h "$exe" >sections
    grep -q '\.reloc' sections
    # A guarded function calls this when its stack was overwritten.
    grep -rqa __stack_chk_fail "$top/build/windows/src" || fail "no stack protector"
}

# The same source gives the same bytes.
without_time() {
    $host-objdump -p "$exe" >header
    grep -qE '^Time/Date[[:space:]]+(Thu Jan  1 00:00:00 1970|0)' header
    ! grep -qa "$top" "$exe" || fail "a path of this machine is in the file"
}

# What Windows reads before it starts the program.
manifest() {
    local word

    for word in longPathAware asInvoker UTF-8 8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a; do
        grep -qa "$word" "$exe" || fail "no $word in the manifest"
    done
}

# README.md says that it is about a megabyte.
size() {
    [ "$(stat -c %s "$exe")" -lt 1250000 ]
}

# The same version and help as on Linux; TLS is that of Windows.
words() {
    azdal_exe --version >version
    same version "$(head -n 1 version)" "$("$AZDAL" --version | head -n 1)"
    grep -q Schannel version
    ! grep -qi openssl version || fail "$(cat version)"
    ! grep -q $'\r' version || fail "a carriage return on standard output"
    for command in '' acquire scan cat verify rules; do
        azdal_exe ${command:+"$command"} --help >exe.help
        "$AZDAL" ${command:+"$command"} --help >help
        cmp exe.help help
    done
}

check "azdal.exe needs the system's DLLs alone" system_dlls_alone
check "azdal.exe has ASLR, DEP and stack protector" protected
check "azdal.exe has no timestamp and no path" without_time
check "azdal.exe has a manifest" manifest
check "azdal.exe is as small as told" size
check "azdal.exe says what azdal says" words
echo "azdal.exe: $(stat -c %s "$exe") bytes"
