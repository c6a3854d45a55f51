/*
 * sys on Windows 10 1809 and later: the process, time, threads, the console and SHA-256. Files are
 * in sys_win32_file.c, names in sys_win32_name.c, children in sys_win32_run.c. Only wide functions
 * are called.
 */
#include "base/sys_win32.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <windows.h>

#include <bcrypt.h>
#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds that the handler of a console that closes gives the main thread. The system ends the
 * process after 5 s in any case. */
#define SYS_CLOSE_WAIT_MS 10000
/* Characters of a message of the system: the longest that is shown. */
#define SYS_MESSAGE_MAX 256
/* Ticks of 1601-01-01T00:00:00Z, where FILETIME begins. */
#define SYS_FILETIME_EPOCH INT64_C(504911232000000000)
/* The exit status of a crash: what a POSIX shell shows for SIGKILL. */
#define SYS_KILLED 137

/* The start-up code of MinGW must not expand wildcards: sys_arguments asks the system itself. */
extern int _CRT_glob;
int _CRT_glob = 0;

static volatile LONG interrupted;
static UINT old_code_page;
static LARGE_INTEGER clock_frequency;

/* ---- text and errors ---- */

wchar_t *sys_win32_wide(const char *text)
{
    int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    wchar_t *wide = n <= 0 ? NULL : mem_zalloc((size_t)n, sizeof(*wide));

    if (wide != NULL)
        (void)MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, n);
    return wide;
}

char *sys_win32_utf8(const wchar_t *text)
{
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *narrow = n <= 0 ? NULL : mem_zalloc((size_t)n, 1);

    if (narrow != NULL)
        (void)WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, n, NULL, NULL);
    return narrow;
}

/* The system's own words for an error, without the full stop and line end it puts there. */
static int system_text(struct err *e, int code, DWORD number, const char *verb, const char *path)
{
    wchar_t wide[SYS_MESSAGE_MAX];
    DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    DWORD n = FormatMessageW(flags, NULL, number, 0, wide, SYS_MESSAGE_MAX, NULL);
    char *text;

    while (n > 0 && (wide[n - 1] <= L' ' || wide[n - 1] == L'.'))
        n--;
    if (n >= SYS_MESSAGE_MAX)
        n = SYS_MESSAGE_MAX - 1;
    wide[n] = L'\0';
    text = n == 0 ? NULL : sys_win32_utf8(wide);
    if (text != NULL)
        (void)err_set(e, code, "%s %s: %s", verb, path, text);
    else
        (void)err_set(e, code, "%s %s: system error %lu", verb, path, number);
    free(text);
    return -1;
}

int sys_win32_fail(struct err *e, int code, unsigned long number, const char *verb,
                   const char *path)
{
    static const struct {
        DWORD number;
        const char *text;
    } reasons[] = {
        {ERROR_FILE_NOT_FOUND, "No such file or directory"},
        {ERROR_PATH_NOT_FOUND, "No such file or directory"},
        {ERROR_INVALID_DRIVE, "No such file or directory"},
        {ERROR_ACCESS_DENIED, "Permission denied"},
        {ERROR_FILE_EXISTS, "File exists"},
        {ERROR_ALREADY_EXISTS, "File exists"},
        {ERROR_DIRECTORY, "Not a directory"},
        {SYS_WIN32_IS_FOLDER, "Is a directory"},
        {ERROR_DIR_NOT_EMPTY, "Directory not empty"},
        {ERROR_CANT_ACCESS_FILE, "Too many levels of symbolic links"},
        {ERROR_DISK_FULL, "No space left on device"},
        {ERROR_HANDLE_DISK_FULL, "No space left on device"},
        {ERROR_WRITE_PROTECT, "Read-only file system"},
        {ERROR_FILENAME_EXCED_RANGE, "File name too long"},
        {ERROR_TOO_MANY_OPEN_FILES, "Too many open files"},
        {ERROR_SHARING_VIOLATION, "in use by another program"},
        {ERROR_LOCK_VIOLATION, "in use by another program"},
        {ERROR_INVALID_OWNER, "cannot be made private"},
    };
    size_t i;

    for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].number == number)
            return err_set(e, code, "%s %s: %s", verb, path, reasons[i].text);
    }
    return system_text(e, code, number, verb, path);
}

/* ---- process ---- */

/* Give the console back as it was. */
static void restore_console(void)
{
    (void)SetConsoleOutputCP(old_code_page);
}

/* UTF-8 and escape sequences, where output goes to a console. */
static void prepare_console(void)
{
    static const DWORD streams[] = {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    int consoles = 0;
    size_t i;

    for (i = 0; i < 2; i++) {
        HANDLE h = GetStdHandle(streams[i]);
        DWORD mode;

        if (!GetConsoleMode(h, &mode))
            continue;
        (void)SetConsoleMode(h,
                             mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
        consoles++;
    }
    old_code_page = GetConsoleOutputCP();
    if (consoles > 0 && old_code_page != CP_UTF8 && SetConsoleOutputCP(CP_UTF8))
        (void)atexit(restore_console);
}

void sys_start(void)
{
    (void)SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
    /* A drive without a medium is an error, not a window. */
    (void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    (void)QueryPerformanceFrequency(&clock_frequency);
    (void)_setmode(0, _O_BINARY);
    (void)_setmode(1, _O_BINARY);
    (void)_setmode(2, _O_BINARY);
    /* Whole lines at once: every line is flushed by whoever prints it. */
    (void)setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
    prepare_console();
}

char **sys_arguments(int *argc, char **argv)
{
    int n = 0, i;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &n);
    char **utf8 = wide == NULL ? NULL : mem_zalloc((size_t)n + 1, sizeof(*utf8));

    if (utf8 == NULL)
        goto out;
    for (i = 0; i < n; i++) {
        utf8[i] = sys_win32_utf8(wide[i]);
        if (utf8[i] == NULL)
            goto out;
    }
    *argc = n;
    argv = utf8;
out:
    (void)LocalFree(wide);
    return argv;
}

/* What a console asks for: Ctrl+C, Ctrl+Break, and that it closes. */
static BOOL WINAPI on_control(DWORD type)
{
    sys_interrupt_raise();
    /* The process ends when this returns: the main thread needs the time to save its state. */
    if (type != CTRL_C_EVENT && type != CTRL_BREAK_EVENT)
        Sleep(SYS_CLOSE_WAIT_MS);
    return TRUE;
}

void sys_interrupt_watch(void)
{
    (void)SetConsoleCtrlHandler(on_control, TRUE);
}

int sys_interrupted(void)
{
    return interrupted != 0;
}

void sys_interrupt_raise(void)
{
    (void)InterlockedExchange(&interrupted, 1);
}

void sys_die(void)
{
    (void)TerminateProcess(GetCurrentProcess(), SYS_KILLED);
}

unsigned sys_cpu_count(void)
{
    DWORD_PTR process = 0, system = 0;
    unsigned n = 0;

    /* Both are 0 for a process that spans groups of processors. */
    if (!GetProcessAffinityMask(GetCurrentProcess(), &process, &system) || process == 0)
        n = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
    for (; process != 0; process &= process - 1)
        n++;
    return n < 1 ? 1 : n;
}

uint64_t sys_random(void)
{
    uint64_t bits = 0;

    if (BCryptGenRandom(NULL, (PUCHAR)&bits, sizeof(bits), BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
        bits = (uint64_t)sys_monotonic_ms() * UINT64_C(0x9e3779b97f4a7c15);
    return bits;
}

/* ---- time ---- */

int64_t sys_now(void)
{
    FILETIME t;
    ULARGE_INTEGER ticks;

    GetSystemTimePreciseAsFileTime(&t);
    ticks.LowPart = t.dwLowDateTime;
    ticks.HighPart = t.dwHighDateTime;
    return SYS_FILETIME_EPOCH + (int64_t)ticks.QuadPart;
}

int64_t sys_monotonic_ms(void)
{
    LARGE_INTEGER now;
    int64_t whole, rest;

    if (clock_frequency.QuadPart <= 0 || !QueryPerformanceCounter(&now))
        return (int64_t)GetTickCount64();
    whole = now.QuadPart / clock_frequency.QuadPart;
    rest = now.QuadPart % clock_frequency.QuadPart;
    return whole * 1000 + rest * 1000 / clock_frequency.QuadPart;
}

void sys_sleep_ms(int ms)
{
    Sleep(ms > 0 ? (DWORD)ms : 0);
}

/* ---- threads ---- */

struct sys_thread {
    HANDLE handle;
};

/* What a new thread is told; it frees this itself. */
struct thread_order {
    void (*fn)(void *arg);
    void *arg;
};

struct sys_mutex {
    SRWLOCK lock;
};

struct sys_cond {
    CONDITION_VARIABLE variable;
};

/* What a new thread runs: the caller's function. */
static unsigned __stdcall thread_main(void *arg)
{
    struct thread_order order = *(struct thread_order *)arg;

    free(arg);
    order.fn(order.arg);
    return 0;
}

struct sys_thread *sys_thread_start(void (*fn)(void *arg), void *arg)
{
    struct sys_thread *t = mem_zalloc(1, sizeof(*t));
    struct thread_order *order = mem_zalloc(1, sizeof(*order));

    order->fn = fn;
    order->arg = arg;
    t->handle = (HANDLE)_beginthreadex(NULL, 0, thread_main, order, 0, NULL);
    if (t->handle != NULL)
        return t;
    free(t);
    free(order);
    return NULL;
}

void sys_thread_join(struct sys_thread *t)
{
    (void)WaitForSingleObject(t->handle, INFINITE);
    sys_thread_detach(t);
}

void sys_thread_detach(struct sys_thread *t)
{
    (void)CloseHandle(t->handle);
    free(t);
}

struct sys_mutex *sys_mutex_new(void)
{
    struct sys_mutex *m = mem_zalloc(1, sizeof(*m));

    InitializeSRWLock(&m->lock);
    return m;
}

void sys_mutex_free(struct sys_mutex *m)
{
    free(m);
}

void sys_mutex_lock(struct sys_mutex *m)
{
    AcquireSRWLockExclusive(&m->lock);
}

void sys_mutex_unlock(struct sys_mutex *m)
{
    ReleaseSRWLockExclusive(&m->lock);
}

struct sys_cond *sys_cond_new(void)
{
    struct sys_cond *c = mem_zalloc(1, sizeof(*c));

    InitializeConditionVariable(&c->variable);
    return c;
}

void sys_cond_free(struct sys_cond *c)
{
    free(c);
}

void sys_cond_wait(struct sys_cond *c, struct sys_mutex *m)
{
    (void)SleepConditionVariableSRW(&c->variable, &m->lock, INFINITE, 0);
}

void sys_cond_signal(struct sys_cond *c)
{
    WakeConditionVariable(&c->variable);
}

void sys_cond_broadcast(struct sys_cond *c)
{
    WakeAllConditionVariable(&c->variable);
}

/* ---- terminal ---- */

int sys_is_terminal(int fd)
{
    intptr_t h = _get_osfhandle(fd);
    DWORD mode;

    return h != -1 && h != -2 && GetConsoleMode((HANDLE)h, &mode);
}

int sys_terminal_width(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    int width;

    if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info))
        return 80;
    width = info.srWindow.Right - info.srWindow.Left + 1;
    return width < 20 ? 80 : width;
}

/* ---- SHA-256 ---- */

struct sha256 {
    BCRYPT_ALG_HANDLE algorithm;
    BCRYPT_HASH_HANDLE hash;
};

void *sys_sha256_new(void)
{
    struct sha256 *s = mem_zalloc(1, sizeof(*s));

    if (BCryptOpenAlgorithmProvider(&s->algorithm, BCRYPT_SHA256_ALGORITHM, NULL, 0) != 0 ||
        BCryptCreateHash(s->algorithm, &s->hash, NULL, 0, NULL, 0, BCRYPT_HASH_REUSABLE_FLAG) != 0)
        mem_fail();
    return s;
}

void sys_sha256_free(void *state)
{
    struct sha256 *s = state;

    if (s == NULL)
        return;
    if (s->hash != NULL)
        (void)BCryptDestroyHash(s->hash);
    if (s->algorithm != NULL)
        (void)BCryptCloseAlgorithmProvider(s->algorithm, 0);
    free(s);
}

void sys_sha256_update(void *state, const void *data, size_t len)
{
    struct sha256 *s = state;
    const unsigned char *p = data;

    while (len > 0) {
        ULONG part = len > LONG_MAX ? LONG_MAX : (ULONG)len;

        (void)BCryptHashData(s->hash, (PUCHAR)p, part, 0);
        p += part;
        len -= part;
    }
}

void sys_sha256_final(void *state, unsigned char digest[32])
{
    struct sha256 *s = state;

    (void)BCryptFinishHash(s->hash, digest, 32, 0);
}
