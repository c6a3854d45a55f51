# shellcheck shell=bash disable=SC2154
# TLS with private certificate authorities. Wine accepts every certificate where no file with
# authorities is given, so all of these give one.

sim_options=(--now "$now" --days 2 --events 1500)
expected=$("$SIM" expected "${sim_options[@]}" --since "$since" --until "$until" | sha256sum | cut -c 1-64)

# Content digests of an export, as its manifest has them.
digests() {
    jq -c '[.scopes[].files[] | [.path, .content]]' "$1/manifest.json"
}

# The export has the content that Linux's has, from the same server.
same_content() {
    acquire "$AZDAL" --cacert "$1" linux
    acquire azdal_exe --cacert "$1" windows
    whole windows
    same digests "$(digests windows)" "$(digests linux)"
    same endpoint "$(jq -r .endpoint windows/manifest.json | cut -c 1-8)" https://
}

# Nothing is sent to a server that none of the given authorities vouches for.
refused() {
    local status=0

    : >"$T/sim.log"
    acquire azdal_exe --cacert "$1" windows 2>said || status=$?
    same status "$status" 7
    grep -qiE 'certificate|SSL|TLS' said || fail "$(cat said)"
    [ ! -e windows/manifest.json ] || fail "something was published"
    [ ! -s "$T/sim.log" ] || fail "a request was sent: $(cat "$T/sim.log")"
}

# Another authority, and a file with both: its own last, after a comment.
make_authorities() {
    "$top/tests/sim/make-ca" "$T/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Fabrikam test CA' \
        -keyout "$T/other.key" -out "$T/other.pem" 2>/dev/null
    { cat "$T/other.pem" && echo '# Contoso' && cat "$T/tls/ca.pem"; } >"$T/both.pem"
}

# The same server with a certificate that names a list of revoked ones where nobody listens.
with_unreachable_list() {
    cp -r "$T/tls" "$T/listed"
    {
        cat "$T/tls/server.ext"
        echo 'crlDistributionPoints=URI:http://127.0.0.1:9/none.crl'
    } >"$T/listed/server.ext"
    (cd "$T/listed" && openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
        -days 30 -extfile server.ext -out server.pem 2>/dev/null)
    openssl x509 -in "$T/listed/server.pem" -noout -text | grep -q none.crl
}

# The proxy that Windows keeps for this user, as programs ask WinHTTP for it: a number of flags (2: a proxy), and
# its address. It is asked although no variable names it.
system_proxy() {
    local key='HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections' port hex status=0

    mkfifo proxy.in nothing
    "$here/proxy.py" <proxy.in >proxy.out &
    exec 7>proxy.in
    until [ -s proxy.out ]; do read -r -t 0.05 _ <>nothing || true; done
    read -r port <proxy.out
    hex=$(printf '460000000000000003000000%02x000000' "$((10 + ${#port}))")$(printf '127.0.0.1:%s' "$port" | od -An -tx1 | tr -d ' \n')
    wine reg add "$key" /v DefaultConnectionSettings /t REG_BINARY /d "$(printf '%s%016d%064d' "$hex" 0 0)" /f >reg.out 2>&1
    env -u http_proxy -u https_proxy -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u all_proxy \
        "$here/wine-azdal" acquire --endpoint https://arm.contoso.example --audience https://management.core.windows.net \
        --token-file "$T/token" --since "$since" --until "$until" windows 2>said || status=$?
    exec 7>&-
    wine reg delete "$key" /v DefaultConnectionSettings /f >reg.out 2>&1
    same status "$status" 5
    grep -q "the proxy 127.0.0.1:$port requires credentials" said || fail "$(cat said)"
    grep -q '^CONNECT arm.contoso.example:443 ' proxy.out || fail "it was not asked"
}

make_authorities
with_unreachable_list

sim_start "${sim_options[@]}" --tls "$T/tls"
check "TLS with a private authority" same_content "$T/tls/ca.pem"
check "TLS with the second of two authorities" same_content "$T/both.pem"
check "TLS with another authority" refused "$T/other.pem"
sim_stop
sim_start "${sim_options[@]}" --tls "$T/listed"
check "TLS with a list of revoked certificates that cannot be had" same_content "$T/tls/ca.pem"
sim_stop
check "the proxy of the user's settings" system_proxy
