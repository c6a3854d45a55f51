#include "base/sys_win32.h"

#include "base/mem.h"

#include <windows.h>

#include <winhttp.h>

#include <stdlib.h>
#include <string.h>

/* Windows has a store of its own, which libcurl is built to use. */
const char sys_trust_places[] = "the certificate store of Windows";

void sys_trust(struct sys_trust *t)
{
    memset(t, 0, sizeof(*t));
}

/* Take a text of WinHTTP over as UTF-8. */
static char *take(wchar_t *wide)
{
    char *text = NULL;
    int n;

    if (wide == NULL)
        return NULL;
    n = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    if (n > 1) {
        text = mem_alloc((size_t)n);
        if (WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, n, NULL, NULL) == 0)
            text[0] = '\0';
    }
    GlobalFree(wide);
    return text;
}

/* Ask the script at `script` (NULL: the one that the network names) for the proxy of url. */
static int ask_script(const wchar_t *url, const wchar_t *script, struct sys_proxy *p)
{
    WINHTTP_AUTOPROXY_OPTIONS how = {0};
    WINHTTP_PROXY_INFO info = {0};
    HINTERNET session;
    int found = 0;

    how.fAutoLogonIfChallenged = TRUE;
    if (script != NULL) {
        how.dwFlags = WINHTTP_AUTOPROXY_CONFIG_URL;
        how.lpszAutoConfigUrl = script;
    } else {
        how.dwFlags = WINHTTP_AUTOPROXY_AUTO_DETECT;
        how.dwAutoDetectFlags = WINHTTP_AUTO_DETECT_TYPE_DHCP | WINHTTP_AUTO_DETECT_TYPE_DNS_A;
    }
    session = WinHttpOpen(L"azdal", WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    if (session == NULL)
        return 0;
    if (WinHttpGetProxyForUrl(session, url, &how, &info)) {
        /* A script that answers DIRECT has answered, too. */
        found = 1;
        p->list = take(info.lpszProxy);
        p->bypass = take(info.lpszProxyBypass);
    }
    WinHttpCloseHandle(session);
    return found;
}

int sys_system_proxy(const char *url, struct sys_proxy *p)
{
    WINHTTP_CURRENT_USER_IE_PROXY_CONFIG config = {0};
    wchar_t wide[512];
    int found = 0;

    memset(p, 0, sizeof(*p));
    if (!WinHttpGetIEProxyConfigForCurrentUser(&config))
        return 0;
    if (MultiByteToWideChar(CP_UTF8, 0, url, -1, wide, sizeof(wide) / sizeof(wide[0])) > 0) {
        if (config.fAutoDetect)
            found = ask_script(wide, NULL, p);
        if (!found && config.lpszAutoConfigUrl != NULL)
            found = ask_script(wide, config.lpszAutoConfigUrl, p);
    }
    if (found) {
        GlobalFree(config.lpszProxy);
        GlobalFree(config.lpszProxyBypass);
    } else {
        p->list = take(config.lpszProxy);
        p->bypass = take(config.lpszProxyBypass);
    }
    GlobalFree(config.lpszAutoConfigUrl);
    return p->list != NULL;
}

void sys_acknowledge(intptr_t socket)
{
    (void)socket;
}
