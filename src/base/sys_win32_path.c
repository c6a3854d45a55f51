/*
 * Paths on Windows, and who may read what is created. Paths are made absolute and get the prefix
 * that lifts the limit of 260 characters.
 */
#include "base/sys_win32.h"

#include "base/mem.h"

#include <windows.h>

#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Characters of the text form of an access list with one user in it. */
#define SYS_ACCESS_MAX 512
/* Characters of the longest prefix that a path gets, and its end. */
#define SYS_PREFIX_MAX 8

/* The prefix for an absolute path, and how many characters of the path it stands for. */
static const wchar_t *long_prefix(const wchar_t *full, size_t *skip)
{
    *skip = 0;
    if (wcsncmp(full, L"\\\\?\\", 4) == 0 || wcsncmp(full, L"\\\\.\\", 4) == 0)
        return L"";
    if (wcsncmp(full, L"\\\\", 2) == 0) {
        *skip = 1;
        return L"\\\\?\\UNC";
    }
    return L"\\\\?\\";
}

/* Take dots and spaces off the end of each name, as the system does with the last one alone: so
 * what is made in a folder lands in it. "." and ".." stay, as all names of dots. */
static void trim_names(wchar_t *path)
{
    wchar_t *to = path, *from = path, *end, *next;

    if (path[0] != L'\0' && path[1] == L':') /* a drive */
        to = from = path + 2;
    for (;;) {
        next = from + wcscspn(from, L"\\");
        end = next;
        while (end > from && (end[-1] == L'.' || end[-1] == L' '))
            end--;
        if (wcsspn(from, L".") == (size_t)(next - from))
            end = next;
        memmove(to, from, (size_t)(end - from) * sizeof(*to));
        to += end - from;
        if (*next == L'\0')
            break;
        *to++ = *next;
        from = next + 1;
    }
    *to = L'\0';
}

char sys_separator(const char *path)
{
    return strchr(path, '\\') != NULL ? '\\' : '/';
}

char *sys_real_path(const char *path)
{
    wchar_t *full = sys_win32_path(path);
    char *text = full == NULL ? NULL : sys_win32_utf8(full);

    free(full);
    return text;
}

wchar_t *sys_win32_path(const char *path)
{
    wchar_t *wide = sys_win32_wide(path), *full = NULL, *p;
    const wchar_t *prefix;
    size_t skip, before;
    DWORD n, got;

    if (wide == NULL) {
        SetLastError(ERROR_INVALID_NAME);
        return NULL;
    }
    for (p = wide; *p != L'\0'; p++) {
        if (*p == L'/')
            *p = L'\\';
    }
    if (wcsncmp(wide, L"\\\\?\\", 4) == 0)
        return wide;
    if (wcsncmp(wide, L"\\\\.\\", 4) != 0)
        trim_names(wide);
    n = *wide == L'\0' ? 0 : GetFullPathNameW(wide, 0, NULL, NULL);
    full = mem_zalloc((size_t)n + SYS_PREFIX_MAX, sizeof(*full));
    got = n == 0 ? 0 : GetFullPathNameW(wide, n, full, NULL);
    free(wide);
    if (got == 0 || got >= n) {
        free(full);
        SetLastError(ERROR_PATH_NOT_FOUND);
        return NULL;
    }
    prefix = long_prefix(full, &skip);
    before = wcslen(prefix);
    memmove(full + before, full + skip, (got + 1 - skip) * sizeof(*full));
    memcpy(full, prefix, before * sizeof(*full));
    return full;
}

/* ---- who may read ---- */

static SECURITY_ATTRIBUTES private_access = {sizeof(private_access), NULL, FALSE};
static INIT_ONCE private_once = INIT_ONCE_STATIC_INIT;

/* The access list of all that is created: the user alone, and those that nothing is closed to on
 * this system (the system itself and administrators), as root is elsewhere. */
static BOOL CALLBACK make_private(INIT_ONCE *once, void *arg, void **context)
{
    HANDLE token = NULL;
    wchar_t *sid = NULL, text[SYS_ACCESS_MAX];
    union {
        TOKEN_USER user;
        unsigned char bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } owner;
    DWORD n;

    (void)once;
    (void)arg;
    (void)context;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        if (GetTokenInformation(token, TokenUser, &owner, sizeof(owner), &n) &&
            ConvertSidToStringSidW(owner.user.User.Sid, &sid)) {
            (void)_snwprintf(text, SYS_ACCESS_MAX,
                             L"D:P(A;OICI;FA;;;%ls)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", sid);
            (void)ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text, SDDL_REVISION_1, &private_access.lpSecurityDescriptor, NULL);
        }
        (void)CloseHandle(token);
    }
    (void)LocalFree(sid);
    return TRUE;
}

void *sys_win32_only_owner(void)
{
    (void)InitOnceExecuteOnce(&private_once, make_private, NULL, NULL);
    if (private_access.lpSecurityDescriptor != NULL)
        return &private_access;
    SetLastError(ERROR_INVALID_OWNER);
    return NULL;
}
