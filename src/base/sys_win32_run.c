/*
 * A command run through the shell of Windows. Its processes are in a job, which ends them all when
 * it is closed, also when azdal itself is killed. An anonymous pipe cannot be read with a time
 * limit, so it is looked into every few milliseconds.
 *
 * Windows looks for programs in the current folder first, and that may be one of evidence, with an
 * az.cmd in it that somebody else put there. So the command runs in the system's own folder, where
 * only administrators can write, and is told to leave the current folder out of its search.
 */
#include "base/sys_win32.h"

#include "base/mem.h"

#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Milliseconds between two looks at the command's output. */
#define RUN_LOOK_MS 10
/* Bytes of output read at a time. */
#define RUN_CHUNK 4096

/* A command that runs. */
struct run {
    HANDLE job, process, output;
    int64_t deadline_ms;
    int timeout_ms;
};

/* The shell's path and its command line: without start-up commands, the text in the quotes that /s
 * removes. Both are NULL where there is none. The caller frees them. */
static void shell_line(const char *command, const wchar_t *folder, wchar_t **shell, wchar_t **line)
{
    static const wchar_t path[] = L"%ls\\cmd.exe", format[] = L"\"%ls\\cmd.exe\" /d /s /c \"%ls\"";
    wchar_t *text = sys_win32_wide(command);
    size_t n = wcslen(folder) + sizeof(path) / sizeof(*path);
    size_t size = text == NULL ? 0 : n + wcslen(text) + sizeof(format) / sizeof(*format);

    *shell = *line = NULL;
    if (text != NULL) {
        *shell = mem_alloc(n * sizeof(**shell));
        *line = mem_alloc(size * sizeof(**line));
        (void)_snwprintf(*shell, n, path, folder);
        (void)_snwprintf(*line, size, format, folder, text);
    }
    free(text);
}

/* A job that ends what is in it when it is closed. */
static HANDLE make_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = {0};
    HANDLE job = CreateJobObjectW(NULL, NULL);

    limit.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (job != NULL &&
        !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limit, sizeof(limit))) {
        (void)CloseHandle(job);
        return NULL;
    }
    return job;
}

/* Start the process in a folder, stopped, with the given handles and no others. */
static int create_process(const wchar_t *shell, wchar_t *line, const wchar_t *folder,
                          HANDLE handles[3], PROCESS_INFORMATION *info)
{
    STARTUPINFOEXW start = {0};
    DWORD flags = CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP | EXTENDED_STARTUPINFO_PRESENT;
    size_t size = 0, n = handles[2] == NULL ? 2 : 3;
    int ret = -1;

    (void)InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    start.lpAttributeList = mem_zalloc(1, size);
    start.StartupInfo.cb = sizeof(start);
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = handles[0];
    start.StartupInfo.hStdOutput = handles[1];
    start.StartupInfo.hStdError = handles[2];
    /* Without a console of ours the shell would open a window. */
    if (GetConsoleWindow() == NULL)
        flags |= CREATE_NO_WINDOW;
    if (InitializeProcThreadAttributeList(start.lpAttributeList, 1, 0, &size)) {
        if (UpdateProcThreadAttribute(start.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                      handles, n * sizeof(HANDLE), NULL, NULL) &&
            CreateProcessW(shell, line, NULL, NULL, TRUE, flags, NULL, folder, &start.StartupInfo,
                           info))
            ret = 0;
        DeleteProcThreadAttributeList(start.lpAttributeList);
    }
    free(start.lpAttributeList);
    return ret;
}

/* A copy of our standard error that a child may inherit, or NULL. */
static HANDLE copy_of_stderr(void)
{
    HANDLE copy = NULL, own = GetCurrentProcess(), h = GetStdHandle(STD_ERROR_HANDLE);

    if (h == NULL || h == INVALID_HANDLE_VALUE ||
        !DuplicateHandle(own, h, own, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS))
        return NULL;
    return copy;
}

/* Close what is open of some handles. */
static void close_all(HANDLE *handles, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (handles[i] != NULL && handles[i] != INVALID_HANDLE_VALUE)
            (void)CloseHandle(handles[i]);
        handles[i] = NULL;
    }
}

/* Start the command: its job, its process, and the end of the pipe that we read. */
static int start(struct run *r, const char *command)
{
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), NULL, TRUE};
    PROCESS_INFORMATION info = {0};
    HANDLE handles[3] = {NULL, NULL, NULL};
    wchar_t folder[MAX_PATH], *shell, *line;
    UINT n = GetSystemDirectoryW(folder, MAX_PATH);
    int ret = -1;

    if (n == 0 || n >= MAX_PATH)
        return -1;
    shell_line(command, folder, &shell, &line);
    r->job = make_job();
    (void)SetEnvironmentVariableW(L"NoDefaultCurrentDirectoryInExePath", L"1");
    if (line == NULL || r->job == NULL || !CreatePipe(&r->output, &handles[1], &inherited, 0) ||
        !SetHandleInformation(r->output, HANDLE_FLAG_INHERIT, 0))
        goto out;
    handles[0] = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited,
                             OPEN_EXISTING, 0, NULL);
    handles[2] = copy_of_stderr();
    if (handles[0] == INVALID_HANDLE_VALUE ||
        create_process(shell, line, folder, handles, &info) != 0)
        goto out;
    r->process = info.hProcess;
    if (AssignProcessToJobObject(r->job, info.hProcess) && ResumeThread(info.hThread) != (DWORD)-1)
        ret = 0;
    else
        (void)TerminateProcess(info.hProcess, 1);
    (void)CloseHandle(info.hThread);
out:
    close_all(handles, 3);
    free(shell);
    free(line);
    return ret;
}

/* Whether to go on waiting. */
static int check_time(const struct run *r, struct err *e)
{
    if (sys_interrupted())
        return err_set(e, ERR_INTERRUPTED, "interrupted");
    if (sys_monotonic_ms() >= r->deadline_ms)
        return err_set(e, ERR_AUTH, "timed out after %d s", r->timeout_ms / 1000);
    return 0;
}

/* Read the command's output until it ends or the time is up. */
static int collect_output(struct run *r, size_t max_bytes, struct buf *out, struct err *e)
{
    for (;;) {
        DWORD there = 0, got = 0;

        if (check_time(r, e) != 0)
            return -1;
        if (!PeekNamedPipe(r->output, NULL, 0, NULL, &there, NULL)) {
            if (GetLastError() == ERROR_BROKEN_PIPE)
                return 0;
            return err_set(e, ERR_AUTH, "its output could not be read");
        }
        if (there == 0) {
            sys_sleep_ms(RUN_LOOK_MS);
            continue;
        }
        buf_reserve(out, RUN_CHUNK);
        if (!ReadFile(r->output, out->data + out->len, there < RUN_CHUNK ? there : RUN_CHUNK, &got,
                      NULL) &&
            GetLastError() != ERROR_BROKEN_PIPE)
            return err_set(e, ERR_AUTH, "its output could not be read");
        out->len += got;
        if (out->len > max_bytes)
            return err_set(e, ERR_AUTH, "printed more than %zu bytes", max_bytes);
    }
}

/* Wait for the shell itself to end; *status is its exit status. */
static int wait_child(struct run *r, DWORD *status, struct err *e)
{
    while (WaitForSingleObject(r->process, RUN_LOOK_MS) == WAIT_TIMEOUT) {
        if (check_time(r, e) != 0)
            return -1;
    }
    if (!GetExitCodeProcess(r->process, status))
        return err_set(e, ERR_AUTH, "its exit status could not be read");
    return 0;
}

int sys_run_command(const char *command, int timeout_ms, size_t max_bytes, struct buf *out,
                    struct err *e)
{
    struct run r = {.deadline_ms = sys_monotonic_ms() + timeout_ms, .timeout_ms = timeout_ms};
    DWORD status = 0;
    int ret = -1;

    if (start(&r, command) != 0)
        (void)sys_win32_fail(e, ERR_AUTH, GetLastError(), "cannot", "be started");
    else if (collect_output(&r, max_bytes, out, e) == 0 && wait_child(&r, &status, e) == 0) {
        if (status != 0)
            (void)err_set(e, ERR_AUTH, "exited with status %lu", status);
        else
            ret = 0;
    }
    close_all(&r.output, 1);
    close_all(&r.process, 1);
    /* Ends what is left of the command. */
    close_all(&r.job, 1);
    return ret;
}
