/*
 * Folders and names on Windows. A "link" is any reparse point that stands for another name
 * (symbolic link, junction, mount point); others, such as placeholders of cloud storage, are plain
 * files.
 */
#include "base/sys_win32.h"

#include "base/mem.h"

#include <windows.h>

#include <io.h>
#include <stdlib.h>
#include <string.h>

/* A virus scanner or an indexer may hold a new file for a moment: renames and removals are tried
 * so often, so many milliseconds apart. */
#define SYS_BUSY_TRIES 40
#define SYS_BUSY_WAIT_MS 25
/* The last error of the system, as ours. */
static int fail(struct err *e, const char *verb, const char *path)
{
    return sys_win32_fail(e, ERR_LOCAL, GetLastError(), verb, path);
}

/* ---- what is there ---- */

enum sys_kind sys_win32_kind(void *h)
{
    FILE_ATTRIBUTE_TAG_INFO tag = {0};
    BY_HANDLE_FILE_INFORMATION info;

    if (GetFileType(h) != FILE_TYPE_DISK)
        return SYS_OTHER;
    if (!GetFileInformationByHandleEx(h, FileAttributeTagInfo, &tag, sizeof(tag))) {
        if (!GetFileInformationByHandle(h, &info))
            return SYS_OTHER;
        tag.FileAttributes = info.dwFileAttributes & ~(DWORD)FILE_ATTRIBUTE_REPARSE_POINT;
    }
    if ((tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
        IsReparseTagNameSurrogate(tag.ReparseTag))
        return SYS_LINK;
    return (tag.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? SYS_FOLDER : SYS_FILE;
}

/* Open a path without following a link in its last part, to look at it. */
static HANDLE look_at(const wchar_t *wide)
{
    return CreateFileW(wide, FILE_READ_ATTRIBUTES, SYS_WIN32_SHARE, NULL, OPEN_EXISTING,
                       FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

/* ---- names ---- */

enum sys_kind sys_kind(const char *path)
{
    wchar_t *wide = sys_win32_path(path);
    HANDLE h = wide == NULL ? INVALID_HANDLE_VALUE : look_at(wide);
    enum sys_kind kind;

    if (h != INVALID_HANDLE_VALUE) {
        kind = sys_win32_kind(h);
        (void)CloseHandle(h);
    } else {
        switch (GetLastError()) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_NAME:
        case ERROR_INVALID_DRIVE:
            kind = SYS_MISSING;
            break;
        default:
            kind = SYS_OTHER;
            break;
        }
    }
    free(wide);
    return kind;
}

int sys_win32_mkdir(const char *path, struct err *e)
{
    wchar_t *wide = sys_win32_path(path);
    SECURITY_ATTRIBUTES *security = sys_win32_only_owner();
    int ret = -1;

    if (wide != NULL && security != NULL &&
        (CreateDirectoryW(wide, security) ||
         (GetLastError() == ERROR_ALREADY_EXISTS && sys_kind(path) == SYS_FOLDER)))
        ret = 0;
    else
        (void)fail(e, "create folder", path);
    free(wide);
    return ret;
}

/* Create a folder and those above it: first what is missing above. */
static int make_all(wchar_t *wide, SECURITY_ATTRIBUTES *security)
{
    DWORD attributes = GetFileAttributesW(wide), number;
    wchar_t *cut;
    int ret;

    /* A link to a folder is the user's own choice. */
    if (attributes != INVALID_FILE_ATTRIBUTES) {
        SetLastError(ERROR_DIRECTORY);
        return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? 0 : -1;
    }
    if (CreateDirectoryW(wide, security))
        return 0;
    number = GetLastError();
    if (number == ERROR_ALREADY_EXISTS)
        return 0;
    cut = wcsrchr(wide, L'\\');
    if (number != ERROR_PATH_NOT_FOUND || cut == NULL || cut - wide < 6)
        return -1;
    *cut = L'\0';
    ret = make_all(wide, security);
    *cut = L'\\';
    if (ret != 0)
        return -1;
    return CreateDirectoryW(wide, security) || GetLastError() == ERROR_ALREADY_EXISTS ? 0 : -1;
}

int sys_mkdir_all(const char *path, struct err *e)
{
    wchar_t *wide = sys_win32_path(path), *end;
    SECURITY_ATTRIBUTES *security = sys_win32_only_owner();
    int ret = -1;

    if (wide != NULL && security != NULL) {
        end = wide + wcslen(wide);
        while (end - wide > 7 && end[-1] == L'\\')
            *--end = L'\0';
        ret = make_all(wide, security);
    }
    if (ret != 0)
        (void)fail(e, "create folder", path);
    free(wide);
    return ret;
}

/* Whether the last call failed because somebody holds the file; then a short wait. */
static int wait_while_busy(int *tries)
{
    DWORD number = GetLastError();

    if ((number != ERROR_SHARING_VIOLATION && number != ERROR_ACCESS_DENIED &&
         number != ERROR_LOCK_VIOLATION && number != ERROR_DIR_NOT_EMPTY) ||
        ++*tries >= SYS_BUSY_TRIES)
        return 0;
    Sleep(SYS_BUSY_WAIT_MS);
    return 1;
}

int sys_win32_rename(const char *from, const char *to, struct err *e)
{
    wchar_t *wide_from = sys_win32_path(from), *wide_to = sys_win32_path(to);
    int tries = 0, ret = -1;

    while (wide_from != NULL && wide_to != NULL && ret != 0) {
        if (MoveFileExW(wide_from, wide_to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            ret = 0;
        else if (!wait_while_busy(&tries))
            break;
    }
    if (ret != 0)
        (void)fail(e, "rename to", to);
    free(wide_from);
    free(wide_to);
    return ret;
}

/* The names of a folder are in the file system's own journal: a flush only makes it write that
 * sooner, and not every file system has one. */
int sys_win32_sync_folder(const char *path, struct err *e)
{
    wchar_t *wide = sys_win32_path(path);
    HANDLE h = INVALID_HANDLE_VALUE;
    int ret = -1;

    if (wide != NULL)
        h = CreateFileW(wide, FILE_LIST_DIRECTORY | FILE_ADD_FILE, SYS_WIN32_SHARE, NULL,
                        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (h != INVALID_HANDLE_VALUE) {
        (void)FlushFileBuffers(h);
        (void)CloseHandle(h);
        ret = 0;
    } else {
        (void)fail(e, "open", path);
    }
    free(wide);
    return ret;
}

/* Remove a file or an empty folder with the system's function for it. */
static int remove_name(const char *path, BOOL(WINAPI *call)(LPCWSTR), const char *verb,
                       struct err *e)
{
    wchar_t *wide = sys_win32_path(path);
    int tries = 0, ret = -1;

    while (wide != NULL && ret != 0) {
        if (call(wide) || GetLastError() == ERROR_FILE_NOT_FOUND ||
            GetLastError() == ERROR_PATH_NOT_FOUND)
            ret = 0;
        else if (!wait_while_busy(&tries))
            break;
    }
    if (ret != 0)
        (void)fail(e, verb, path);
    free(wide);
    return ret;
}

int sys_win32_remove(const char *path, struct err *e)
{
    return remove_name(path, DeleteFileW, "remove", e);
}

int sys_remove_folder(const char *path, struct err *e)
{
    return remove_name(path, RemoveDirectoryW, "remove folder", e);
}

/* ---- folders ---- */

struct entry {
    char *name;
    enum sys_kind kind;
};

/* qsort: by name, as bytes. */
static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

/* Add what the system has found to the list. */
static int add_entry(struct buf *list, const WIN32_FIND_DATAW *found)
{
    struct entry x = {NULL, SYS_FILE};

    if (wcscmp(found->cFileName, L".") == 0 || wcscmp(found->cFileName, L"..") == 0)
        return 0;
    if ((found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
        IsReparseTagNameSurrogate(found->dwReserved0))
        x.kind = SYS_LINK;
    else if ((found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
        x.kind = SYS_FOLDER;
    x.name = sys_win32_utf8(found->cFileName);
    if (x.name == NULL) {
        SetLastError(ERROR_INVALID_NAME);
        return -1;
    }
    buf_append(list, &x, sizeof(x));
    return 0;
}

/* Read all entries of a folder into the list. */
static int read_entries(const char *path, struct buf *list)
{
    WIN32_FIND_DATAW found;
    struct buf pattern = {0};
    wchar_t *wide;
    HANDLE h = INVALID_HANDLE_VALUE;
    int ret = -1;

    buf_printf(&pattern, "%s/*", path);
    wide = sys_win32_path(pattern.data);
    if (wide != NULL)
        h = FindFirstFileExW(wide, FindExInfoBasic, &found, FindExSearchNameMatch, NULL,
                             FIND_FIRST_EX_LARGE_FETCH);
    if (h != INVALID_HANDLE_VALUE) {
        do
            ret = add_entry(list, &found);
        while (ret == 0 && FindNextFileW(h, &found));
        if (ret == 0 && GetLastError() != ERROR_NO_MORE_FILES)
            ret = -1;
        (void)FindClose(h);
    }
    free(wide);
    buf_free(&pattern);
    return ret;
}

int sys_list(const char *path, int (*fn)(const char *name, enum sys_kind kind, void *arg),
             void *arg, struct err *e)
{
    struct buf list = {0};
    struct entry *entries;
    int ret = read_entries(path, &list);
    size_t n = list.len / sizeof(*entries), i;

    if (ret != 0)
        (void)fail(e, "read folder", path);
    entries = (struct entry *)(void *)list.data;
    if (n > 1)
        qsort(entries, n, sizeof(*entries), compare_entries);
    for (i = 0; i < n; i++) {
        if (ret == 0)
            ret = fn(entries[i].name, entries[i].kind, arg);
        free(entries[i].name);
    }
    buf_free(&list);
    return ret;
}

int sys_same_file(int fd, const char *path)
{
    BY_HANDLE_FILE_INFORMATION a, b;
    HANDLE open_one = (HANDLE)_get_osfhandle(fd);
    wchar_t *wide = sys_win32_path(path);
    HANDLE h = wide == NULL ? INVALID_HANDLE_VALUE : look_at(wide);
    int same = 0;

    if (h != INVALID_HANDLE_VALUE) {
        same = GetFileInformationByHandle(open_one, &a) && GetFileInformationByHandle(h, &b) &&
               a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
               a.nFileIndexHigh == b.nFileIndexHigh && a.nFileIndexLow == b.nFileIndexLow;
        (void)CloseHandle(h);
    }
    free(wide);
    return same;
}
