/*
 * Files on Windows.
 *
 * A descriptor is one of the C library's around a handle. A sequential read or write of a file that
 * was opened here names its offset, kept in `places`: reading elsewhere in the same file, from any
 * thread, then disturbs nobody, as with pread. Standard streams and pipes have no offset.
 */
#include "base/sys_win32.h"

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>

/* Descriptors of the C library: its own limit. */
#define SYS_FD_MAX 2048
/* Bytes of one read or write: the system's type for it has 32 bits. */
#define SYS_IO_MAX (1UL << 30)
/* The lock is on one byte far behind every end, so that others may read the file. */
#define SYS_LOCK_HIGH 0x7fffffff
/* Random names tried for a temporary file. */
#define SYS_NAME_TRIES 16

/* Where the next sequential read or write of a descriptor starts, plus one; 0: it has no offset. */
static uint64_t places[SYS_FD_MAX];

/* The last error of the system, as ours. */
static int fail(struct err *e, const char *verb, const char *path)
{
    return sys_win32_fail(e, ERR_LOCAL, GetLastError(), verb, path);
}

/* ---- opening ---- */

/* Wrap a handle; it is closed on failure. */
static int make_descriptor(HANDLE h)
{
    int fd = _open_osfhandle((intptr_t)h, _O_BINARY | _O_NOINHERIT);

    if (fd < 0 || fd >= SYS_FD_MAX) {
        if (fd >= 0)
            (void)_close(fd);
        else
            (void)CloseHandle(h);
        SetLastError(ERROR_TOO_MANY_OPEN_FILES);
        return -1;
    }
    places[fd] = GetFileType(h) == FILE_TYPE_DISK ? 1 : 0;
    return fd;
}

/* Refuse links and folders, as O_NOFOLLOW does. */
static int check_plain(HANDLE h)
{
    switch (sys_win32_kind(h)) {
    case SYS_LINK:
        SetLastError(ERROR_CANT_ACCESS_FILE);
        return -1;
    case SYS_FOLDER:
        SetLastError(SYS_WIN32_IS_FOLDER);
        return -1;
    default:
        return 0;
    }
}

/* Open without following a link. The flag for that makes other reparse points show their inside,
 * so where there is one the file is opened again in the plain way. */
static HANDLE open_no_link(const wchar_t *wide, DWORD access, SECURITY_ATTRIBUTES *security,
                           DWORD disposition)
{
    FILE_ATTRIBUTE_TAG_INFO tag = {0};
    HANDLE h = CreateFileW(wide, access, SYS_WIN32_SHARE, security, disposition,
                           FILE_FLAG_OPEN_REPARSE_POINT | FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD number;

    if (h == INVALID_HANDLE_VALUE)
        return h;
    if (check_plain(h) != 0) {
        number = GetLastError();
        (void)CloseHandle(h);
        SetLastError(number);
        return INVALID_HANDLE_VALUE;
    }
    if (GetFileInformationByHandleEx(h, FileAttributeTagInfo, &tag, sizeof(tag)) &&
        (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        (void)CloseHandle(h);
        h = CreateFileW(wide, access, SYS_WIN32_SHARE, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL,
                        NULL);
    }
    return h;
}

/* A folder cannot be opened like a file; the system calls that "access denied". */
static void explain_folder(const wchar_t *wide)
{
    DWORD attributes;

    if (GetLastError() != ERROR_ACCESS_DENIED)
        return;
    attributes = GetFileAttributesW(wide);
    SetLastError(attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY)
                     ? SYS_WIN32_IS_FOLDER
                     : ERROR_ACCESS_DENIED);
}

/* Open, create or empty a file. */
static HANDLE open_handle(const wchar_t *wide, enum sys_open_mode mode)
{
    static const DWORD disposition[] = {OPEN_EXISTING, CREATE_NEW, OPEN_ALWAYS, OPEN_ALWAYS};
    SECURITY_ATTRIBUTES *security;
    HANDLE h;

    if (mode == SYS_READ)
        return CreateFileW(wide, GENERIC_READ, SYS_WIN32_SHARE, NULL, OPEN_EXISTING,
                           FILE_ATTRIBUTE_NORMAL, NULL);
    security = sys_win32_only_owner();
    if (security == NULL)
        return INVALID_HANDLE_VALUE;
    h = open_no_link(wide, GENERIC_READ | GENERIC_WRITE, security, disposition[mode]);
    if (h != INVALID_HANDLE_VALUE && mode == SYS_REPLACE && GetFileType(h) == FILE_TYPE_DISK &&
        !SetEndOfFile(h)) {
        DWORD number = GetLastError();

        (void)CloseHandle(h);
        SetLastError(number);
        return INVALID_HANDLE_VALUE;
    }
    return h;
}

int sys_open(const char *path, enum sys_open_mode mode, struct err *e)
{
    wchar_t *wide = sys_win32_path(path);
    HANDLE h = wide == NULL ? INVALID_HANDLE_VALUE : open_handle(wide, mode);
    int fd = -1;

    if (h != INVALID_HANDLE_VALUE)
        fd = make_descriptor(h);
    else if (wide != NULL)
        explain_folder(wide);
    if (fd < 0)
        (void)fail(e, mode == SYS_READ ? "open" : "create", path);
    free(wide);
    return fd;
}

int sys_open_inside(const char *path, struct err *e)
{
    wchar_t *wide = sys_win32_path(path);
    HANDLE h = INVALID_HANDLE_VALUE;
    int fd = -1;

    /* The name of a device, such as CON, is one in every folder: no file can have it. */
    if (wide != NULL && wcsncmp(wide, L"\\\\.\\", 4) == 0)
        SetLastError(ERROR_FILE_NOT_FOUND);
    else if (wide != NULL)
        h = open_no_link(wide, GENERIC_READ, NULL, OPEN_EXISTING);
    if (h != INVALID_HANDLE_VALUE)
        fd = make_descriptor(h);
    else if (wide != NULL)
        explain_folder(wide);
    if (fd < 0)
        (void)fail(e, "open", path);
    free(wide);
    return fd;
}

/* The folder for temporary files; the caller frees it. */
static char *temporary_folder(void)
{
    wchar_t where[MAX_PATH + 2];
    DWORD n = GetTempPathW(MAX_PATH + 1, where);

    return n == 0 || n > MAX_PATH + 1 ? NULL : sys_win32_utf8(where);
}

/* Try one name for a temporary file. */
static HANDLE create_temporary(const char *folder)
{
    SECURITY_ATTRIBUTES *security = sys_win32_only_owner();
    HANDLE h = INVALID_HANDLE_VALUE;
    struct buf path = {0};
    wchar_t *wide;
    DWORD number;

    buf_printf(&path, "%s/azdal-%016llx.tmp", folder, (unsigned long long)sys_random());
    wide = sys_win32_path(path.data);
    if (wide != NULL && security != NULL)
        h = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE, SYS_WIN32_SHARE, security, CREATE_NEW,
                        FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    number = GetLastError();
    free(wide);
    buf_free(&path);
    SetLastError(number);
    return h;
}

int sys_open_temporary(const char *folder, struct err *e)
{
    char *standard = folder == NULL ? temporary_folder() : NULL;
    HANDLE h = INVALID_HANDLE_VALUE;
    int fd = -1, tries = 0;

    if (folder == NULL)
        folder = standard == NULL ? "." : standard;
    do
        h = create_temporary(folder);
    while (h == INVALID_HANDLE_VALUE && GetLastError() == ERROR_FILE_EXISTS &&
           ++tries < SYS_NAME_TRIES);
    if (h != INVALID_HANDLE_VALUE)
        fd = make_descriptor(h);
    if (fd < 0)
        (void)fail(e, "create a temporary file in", folder);
    free(standard);
    return fd;
}

int sys_close(int fd, const char *path, struct err *e)
{
    if (fd < 0)
        return 0;
    if (fd < SYS_FD_MAX)
        places[fd] = 0;
    return _close(fd) != 0 ? fail(e, "close", path) : 0;
}

/* ---- reading and writing ---- */

/* The handle of a descriptor. */
static HANDLE handle_of(int fd)
{
    return (HANDLE)_get_osfhandle(fd);
}

/* The offset as the system takes it. */
static OVERLAPPED at_offset(uint64_t offset)
{
    OVERLAPPED o = {0};

    o.Offset = (DWORD)offset;
    o.OffsetHigh = (DWORD)(offset >> 32);
    return o;
}

/* One read; where is NULL for the handle's own place. Returns bytes, 0 at the end, -1. */
static long read_once(int fd, OVERLAPPED *where, void *data, size_t len)
{
    DWORD want = len > SYS_IO_MAX ? SYS_IO_MAX : (DWORD)len, got = 0;

    if (ReadFile(handle_of(fd), data, want, &got, where))
        return (long)got;
    switch (GetLastError()) {
    case ERROR_HANDLE_EOF:
    case ERROR_BROKEN_PIPE: /* the writer has closed its end */
        return 0;
    default:
        return -1;
    }
}

long sys_read(int fd, void *data, size_t len, const char *path, struct err *e)
{
    uint64_t *place = fd >= 0 && fd < SYS_FD_MAX && places[fd] > 0 ? &places[fd] : NULL;
    OVERLAPPED where = at_offset(place == NULL ? 0 : *place - 1);
    long n = read_once(fd, place == NULL ? NULL : &where, data, len);

    if (n < 0)
        return fail(e, "read", path);
    if (place != NULL)
        *place += (uint64_t)n;
    return n;
}

long sys_read_at(int fd, uint64_t offset, void *data, size_t len, const char *path, struct err *e)
{
    size_t got = 0;

    while (got < len) {
        OVERLAPPED where = at_offset(offset + got);
        long n = read_once(fd, &where, (char *)data + got, len - got);

        if (n < 0)
            return fail(e, "read", path);
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (long)got;
}

int sys_write(int fd, const void *data, size_t len, const char *path, struct err *e)
{
    uint64_t *place = fd >= 0 && fd < SYS_FD_MAX && places[fd] > 0 ? &places[fd] : NULL;
    const char *p = data;

    while (len > 0) {
        OVERLAPPED where = at_offset(place == NULL ? 0 : *place - 1);
        DWORD want = len > SYS_IO_MAX ? SYS_IO_MAX : (DWORD)len, done = 0;

        if (!WriteFile(handle_of(fd), p, want, &done, place == NULL ? NULL : &where) || done == 0)
            return fail(e, "write", path);
        if (place != NULL)
            *place += done;
        p += done;
        len -= done;
    }
    return 0;
}

int sys_seek(int fd, uint64_t offset, const char *path, struct err *e)
{
    if (fd < 0 || fd >= SYS_FD_MAX || places[fd] == 0) {
        SetLastError(ERROR_SEEK_ON_DEVICE);
        return fail(e, "seek in", path);
    }
    places[fd] = offset + 1;
    return 0;
}

int sys_truncate(int fd, uint64_t size, const char *path, struct err *e)
{
    FILE_END_OF_FILE_INFO end = {0};

    end.EndOfFile.QuadPart = (LONGLONG)size;
    if (!SetFileInformationByHandle(handle_of(fd), FileEndOfFileInfo, &end, sizeof(end)))
        return fail(e, "cut", path);
    return 0;
}

int sys_file_size(int fd, uint64_t *size, const char *path, struct err *e)
{
    LARGE_INTEGER n = {0};

    if (GetFileType(handle_of(fd)) == FILE_TYPE_DISK && !GetFileSizeEx(handle_of(fd), &n))
        return fail(e, "read", path);
    *size = (uint64_t)n.QuadPart;
    return 0;
}

int sys_sync(int fd, const char *path, struct err *e)
{
    if (GetFileType(handle_of(fd)) != FILE_TYPE_DISK)
        return 0;
    return FlushFileBuffers(handle_of(fd)) ? 0 : fail(e, "sync", path);
}

/* ---- locks ---- */

int sys_lock(int fd, const char *path, struct err *e)
{
    OVERLAPPED where = {0};

    where.OffsetHigh = SYS_LOCK_HIGH;
    if (LockFileEx(handle_of(fd), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
                   &where))
        return 0;
    return GetLastError() == ERROR_LOCK_VIOLATION || GetLastError() == ERROR_IO_PENDING
               ? 1
               : fail(e, "lock", path);
}
