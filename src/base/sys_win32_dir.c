/*
 * Below a folder that is held open, on Windows.
 *
 * The system's calls take paths. While one of them works, every folder on the way is held open
 * without sharing its removal: none of them can be renamed, removed or turned into a link then, and
 * each was seen to be a folder and no reparse point that stands for another name.
 */
#include "base/mem.h"
#include "base/sys_win32.h"

#include <windows.h>

#include <aclapi.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

/* Folders on the way to a file: .partial, out, scope=, date= are four. */
#define SYS_STEPS_MAX 16

struct sys_dir {
    HANDLE h;
    int ownerless; /* the file system has no owners of its own */
    char *path;
};

/* A path below a folder while it is used. */
struct held {
    HANDLE steps[SYS_STEPS_MAX];
    size_t n;
    struct buf path;
};

/* The last error of the system, as ours. */
static int fail(struct err *e, const char *verb, const char *path)
{
    return sys_win32_fail(e, ERR_LOCAL, GetLastError(), verb, path);
}

/* Open a folder, so that it stays what it is. SetLastError says why it cannot be. */
static HANDLE hold_folder(const char *path, int follow)
{
    wchar_t *wide = sys_win32_path(path);
    HANDLE h = INVALID_HANDLE_VALUE;
    enum sys_kind kind;

    if (wide == NULL)
        return INVALID_HANDLE_VALUE;
    h = CreateFileW(wide, FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | READ_CONTROL,
                    FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                    FILE_FLAG_BACKUP_SEMANTICS | (follow ? 0 : FILE_FLAG_OPEN_REPARSE_POINT), NULL);
    free(wide);
    if (h == INVALID_HANDLE_VALUE)
        return h;
    kind = sys_win32_kind(h);
    if (kind == SYS_FOLDER)
        return h;
    (void)CloseHandle(h);
    SetLastError(kind == SYS_LINK ? ERROR_CANT_ACCESS_FILE : ERROR_DIRECTORY);
    return INVALID_HANDLE_VALUE;
}

static void let_go(struct held *x)
{
    DWORD number = GetLastError();

    while (x->n > 0)
        (void)CloseHandle(x->steps[--x->n]);
    buf_free(&x->path);
    SetLastError(number);
}

/* Hold what is above DIR/name, and name itself too where `all` is set. -1: let go again, with the
 * system's last error. */
static int hold(const struct sys_dir *d, const char *name, int all, struct held *x)
{
    const char *p = name;

    memset(x, 0, sizeof(*x));
    if (!sys_dir_name_is_safe(name) || strchr(name, ':') != NULL) {
        SetLastError(ERROR_INVALID_NAME);
        return -1;
    }
    buf_printf(&x->path, "%s", d->path);
    while (*p != '\0') {
        size_t n = strcspn(p, "/");

        buf_printf(&x->path, "/%.*s", (int)n, p);
        if (p[n] == '\0' && !all)
            break;
        if (x->n == SYS_STEPS_MAX)
            SetLastError(ERROR_FILENAME_EXCED_RANGE);
        x->steps[x->n] =
            x->n == SYS_STEPS_MAX ? INVALID_HANDLE_VALUE : hold_folder(x->path.data, 0);
        if (x->steps[x->n] == INVALID_HANDLE_VALUE) {
            let_go(x);
            return -1;
        }
        x->n++;
        p += n + (p[n] != '\0');
    }
    return 0;
}

/* A step failed: a link is foreign. */
static int fail_step(struct err *e, const char *verb, const struct sys_dir *d, const char *name)
{
    struct buf path = {0};

    buf_printf(&path, "%s/%s", d->path, name);
    if (GetLastError() == ERROR_CANT_ACCESS_FILE)
        (void)err_set(e, ERR_FOREIGN, "%s: leads through a link, which azdal never creates",
                      path.data);
    else if (GetLastError() == ERROR_DIRECTORY)
        (void)err_set(e, ERR_FOREIGN,
                      "%s: is not a folder, or its path leads through something that is not",
                      path.data);
    else
        (void)fail(e, verb, path.data);
    buf_free(&path);
    return -1;
}

/* ---- the folder ---- */

struct sys_dir *sys_dir_open(const char *path, int follow, struct err *e)
{
    struct sys_dir *d = mem_zalloc(1, sizeof(*d));
    size_t n;

    d->path = mem_strdup(path);
    for (n = strlen(d->path); n > 1; n--) {
        if (d->path[n - 1] != '/' && d->path[n - 1] != '\\')
            break;
        if (d->path[n - 2] == ':')
            break;
    }
    d->path[n] = '\0';
    d->h = hold_folder(d->path, follow);
    if (d->h != INVALID_HANDLE_VALUE)
        return d;
    if (GetLastError() == ERROR_CANT_ACCESS_FILE)
        (void)err_set(e, ERR_FOREIGN, "%s: is a link", d->path);
    else
        (void)fail(e, "open", d->path);
    sys_dir_close(d);
    return NULL;
}

struct sys_dir *sys_dir_open_below(const struct sys_dir *d, const char *name, struct err *e)
{
    struct sys_dir *below = NULL;
    struct held x;

    if (hold(d, name, 0, &x) != 0) {
        (void)fail_step(e, "open", d, name);
        return NULL;
    }
    below = sys_dir_open(x.path.data, 0, e);
    if (below != NULL)
        below->ownerless = d->ownerless;
    let_go(&x);
    return below;
}

void sys_dir_close(struct sys_dir *d)
{
    if (d == NULL)
        return;
    if (d->h != INVALID_HANDLE_VALUE)
        (void)CloseHandle(d->h);
    free(d->path);
    free(d);
}

const char *sys_dir_path(const struct sys_dir *d)
{
    return d->path;
}

int sys_dir_has_owners(struct sys_dir *d)
{
    DWORD flags = 0;

    d->ownerless = GetVolumeInformationByHandleW(d->h, NULL, 0, NULL, NULL, &flags, NULL, 0) &&
                   (flags & FILE_PERSISTENT_ACLS) == 0;
    return !d->ownerless;
}

/* Others lose what access they have inherited; those below inherit that. */
int sys_dir_restrict(struct sys_dir *d, struct err *e)
{
    SECURITY_ATTRIBUTES *security = sys_win32_only_owner();
    wchar_t *wide = d->ownerless || security == NULL ? NULL : sys_win32_path(d->path);
    BOOL present = FALSE, defaulted = FALSE;
    DWORD number = ERROR_SUCCESS;
    ACL *acl = NULL;

    if (d->ownerless)
        return 0;
    if (wide == NULL ||
        !GetSecurityDescriptorDacl(security->lpSecurityDescriptor, &present, &acl, &defaulted)) {
        free(wide);
        return fail(e, "restrict access to", d->path);
    }
    number = SetNamedSecurityInfoW(wide, SE_FILE_OBJECT,
                                   DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                   NULL, NULL, acl, NULL);
    free(wide);
    return number == ERROR_SUCCESS
               ? 0
               : sys_win32_fail(e, ERR_LOCAL, number, "restrict access to", d->path);
}

/* ---- what is there ---- */

/* Whether an owner is this user, or one that nothing is closed to (as root is elsewhere). */
static int is_us(PSID owner)
{
    union {
        TOKEN_USER user;
        unsigned char bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } own;
    HANDLE token = NULL;
    DWORD n;
    int yes;

    if (IsWellKnownSid(owner, WinBuiltinAdministratorsSid) ||
        IsWellKnownSid(owner, WinLocalSystemSid))
        return 1;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return 0;
    yes = GetTokenInformation(token, TokenUser, &own, sizeof(own), &n) &&
          EqualSid(owner, own.user.User.Sid);
    (void)CloseHandle(token);
    return yes;
}

/* Whether what is open belongs to this user. */
static int is_ours(HANDLE h)
{
    PSECURITY_DESCRIPTOR all = NULL;
    PSID owner = NULL;
    int yes = GetSecurityInfo(h, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL,
                              NULL, &all) == ERROR_SUCCESS &&
              owner != NULL && is_us(owner);

    (void)LocalFree(all);
    return yes;
}

void sys_dir_look(const struct sys_dir *d, const char *name, struct sys_facts *f)
{
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE h = INVALID_HANDLE_VALUE;
    wchar_t *wide = NULL;
    struct held x;

    memset(f, 0, sizeof(*f));
    if (hold(d, name, 0, &x) == 0) {
        wide = sys_win32_path(x.path.data);
        if (wide != NULL)
            h = CreateFileW(wide, FILE_READ_ATTRIBUTES | READ_CONTROL, SYS_WIN32_SHARE, NULL,
                            OPEN_EXISTING,
                            FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    }
    if (h == INVALID_HANDLE_VALUE) {
        f->kind = GetLastError() == ERROR_CANT_ACCESS_FILE ? SYS_LINK
                  : GetLastError() == ERROR_FILE_NOT_FOUND ||
                          GetLastError() == ERROR_PATH_NOT_FOUND ||
                          GetLastError() == ERROR_DIRECTORY
                      ? SYS_MISSING
                      : SYS_OTHER;
    } else {
        f->kind = sys_win32_kind(h);
        f->ours = d->ownerless || is_ours(h);
        f->links = GetFileInformationByHandle(h, &info) ? info.nNumberOfLinks : 1;
        (void)CloseHandle(h);
    }
    free(wide);
    let_go(&x);
}

enum sys_kind sys_dir_kind(const struct sys_dir *d, const char *name)
{
    struct held x;
    enum sys_kind kind;

    if (hold(d, name, 0, &x) != 0)
        return GetLastError() == ERROR_CANT_ACCESS_FILE ? SYS_LINK : SYS_MISSING;
    kind = sys_kind(x.path.data);
    let_go(&x);
    return kind;
}

int sys_dir_same_file(const struct sys_dir *d, int fd, const char *name)
{
    struct held x;
    int same;

    if (hold(d, name, 0, &x) != 0)
        return 0;
    same = sys_same_file(fd, x.path.data);
    let_go(&x);
    return same;
}

/* ---- files ---- */

int sys_dir_file(const struct sys_dir *d, const char *name, enum sys_open_mode mode, struct err *e)
{
    const char *verb = mode == SYS_READ ? "open" : "create";
    struct held x;
    int fd = -1;

    if (hold(d, name, 0, &x) != 0)
        return fail_step(e, verb, d, name);
    switch (sys_kind(x.path.data)) {
    case SYS_LINK:
        (void)err_set(e, ERR_FOREIGN, "%s: is a link, which azdal never creates", x.path.data);
        break;
    case SYS_FOLDER:
        (void)err_set(e, ERR_FOREIGN, "%s: is a folder, not a file", x.path.data);
        break;
    case SYS_OTHER:
        (void)err_set(e, ERR_FOREIGN, "%s: is a pipe, socket or device, not a file", x.path.data);
        break;
    default:
        fd = mode == SYS_READ ? sys_open_inside(x.path.data, e) : sys_open(x.path.data, mode, e);
        break;
    }
    let_go(&x);
    return fd;
}

int sys_dir_temporary(const struct sys_dir *d, const char *name, struct err *e)
{
    struct held x;
    int fd;

    if (hold(d, name, 1, &x) != 0)
        return fail_step(e, "create a temporary file in", d, name);
    fd = sys_open_temporary(x.path.data, e);
    let_go(&x);
    return fd;
}

/* ---- names ---- */

int sys_dir_make(const struct sys_dir *d, const char *name, struct err *e)
{
    struct held x;
    int ret;

    if (hold(d, name, 0, &x) != 0)
        return fail_step(e, "create folder", d, name);
    switch (sys_kind(x.path.data)) {
    case SYS_LINK:
        ret = err_set(e, ERR_FOREIGN, "%s: is a link, which azdal never creates", x.path.data);
        break;
    case SYS_FILE:
    case SYS_OTHER:
        ret = err_set(e, ERR_FOREIGN, "%s: is not a folder", x.path.data);
        break;
    default:
        ret = sys_win32_mkdir(x.path.data, e);
    }
    let_go(&x);
    return ret;
}

int sys_dir_rename(const struct sys_dir *d, const char *from, const char *to, struct err *e)
{
    struct held a, b;
    int ret = -1;

    if (hold(d, from, 0, &a) != 0)
        return fail_step(e, "rename to", d, to);
    if (hold(d, to, 0, &b) != 0) {
        ret = fail_step(e, "rename to", d, to);
    } else {
        ret = sys_win32_rename(a.path.data, b.path.data, e);
        let_go(&b);
    }
    let_go(&a);
    return ret;
}

/* Remove with one of the functions below; a missing name is fine. */
static int remove_name(const struct sys_dir *d, const char *name, const char *verb,
                       int (*call)(const char *path, struct err *e), struct err *e)
{
    struct held x;
    int ret;

    if (hold(d, name, 0, &x) != 0)
        return GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND
                   ? 0
                   : fail_step(e, verb, d, name);
    ret = call(x.path.data, e);
    let_go(&x);
    return ret;
}

int sys_dir_remove(const struct sys_dir *d, const char *name, struct err *e)
{
    return remove_name(d, name, "remove", sys_win32_remove, e);
}

int sys_dir_remove_folder(const struct sys_dir *d, const char *name, struct err *e)
{
    return remove_name(d, name, "remove folder", sys_remove_folder, e);
}

int sys_dir_sync(const struct sys_dir *d, const char *name, struct err *e)
{
    struct held x;
    int ret;

    if (hold(d, name, 1, &x) != 0)
        return fail_step(e, "open", d, name);
    ret = sys_win32_sync_folder(x.path.data, e);
    let_go(&x);
    return ret;
}

int sys_dir_list(const struct sys_dir *d, const char *name,
                 int (*fn)(const char *entry, enum sys_kind kind, void *arg), void *arg,
                 struct err *e)
{
    struct held x;
    int ret;

    if (hold(d, name, 1, &x) != 0)
        return fail_step(e, "read folder", d, name);
    ret = sys_list(x.path.data, fn, arg, e);
    let_go(&x);
    return ret;
}
