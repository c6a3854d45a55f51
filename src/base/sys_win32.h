/*
 * sys_win32: what the files sys_win32*.c share. Nothing else includes this.
 */
#ifndef AZDAL_BASE_SYS_WIN32_H
#define AZDAL_BASE_SYS_WIN32_H

#include "base/err.h"
#include "base/sys.h"

#include <stddef.h>

/* Number of the error ERROR_DIRECTORY_NOT_SUPPORTED, which MinGW's headers do not name. */
#define SYS_WIN32_IS_FOLDER 336UL
/* Others may read, replace and remove what is open here, as on POSIX systems. */
#define SYS_WIN32_SHARE (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* Set *e to "<verb> <path>: <reason>" for an error number of Windows (GetLastError). The common
 * reasons are worded as on POSIX systems. Returns -1. */
int sys_win32_fail(struct err *e, int code, unsigned long number, const char *verb,
                   const char *path);

/* Text between UTF-8 and UTF-16. The caller frees the result; NULL when the text is not
 * valid. */
wchar_t *sys_win32_wide(const char *text);
char *sys_win32_utf8(const wchar_t *text);

/* A path as the wide functions take it, of any length. The caller frees it; NULL with the system's
 * last error. */
wchar_t *sys_win32_path(const char *path);
/* The SECURITY_ATTRIBUTES that new files and folders are created with: for the user alone. NULL
 * with the system's last error. */
void *sys_win32_only_owner(void);
/* Create one folder for the user alone; an existing folder is fine. */
int sys_win32_mkdir(const char *path, struct err *e);
/* Replace `to` by `from` in one step. */
int sys_win32_rename(const char *from, const char *to, struct err *e);
int sys_win32_sync_folder(const char *path, struct err *e);
/* Remove a file; a missing one is fine. */
int sys_win32_remove(const char *path, struct err *e);
/* What an open HANDLE is, where a link was not followed. */
enum sys_kind sys_win32_kind(void *h);

#endif
