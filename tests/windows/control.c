/*
 * control: what a console tells its programs, `control.exe EVENT PROGRAM ARGS...`.
 *
 * Starts the program, waits for the end of its own standard input, and sends the event: ctrl-c,
 * ctrl-break, close, logoff or shutdown. As Windows does it, the program's own handlers are run by
 * a thread of the system in it, and a program that has not ended five seconds after a close is
 * killed, which shows as status 99. Else the program's status is this one's.
 */
#include <windows.h>

#include <io.h>
#include <shellapi.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

/* Characters of a command line: the system's limit. */
#define LINE_MAX_CHARS 32768
/* How long a program has after a close. */
#define CLOSE_WAIT_MS 5000
#define STATUS_KILLED 99

/* The number of an event, or -1. */
static int event_number(const wchar_t *name)
{
    static const struct {
        const wchar_t *name;
        int number;
    } events[] = {
        {L"ctrl-c", CTRL_C_EVENT},          {L"ctrl-break", CTRL_BREAK_EVENT},
        {L"close", CTRL_CLOSE_EVENT},       {L"logoff", CTRL_LOGOFF_EVENT},
        {L"shutdown", CTRL_SHUTDOWN_EVENT},
    };
    size_t i;

    for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (wcscmp(name, events[i].name) == 0)
            return events[i].number;
    }
    return -1;
}

/* Put the arguments together again; none of them may hold a quote. */
static void join(wchar_t *line, wchar_t **words, int n)
{
    int i;

    line[0] = L'\0';
    for (i = 0; i < n; i++)
        (void)swprintf(line + wcslen(line), LINE_MAX_CHARS - wcslen(line), L"%ls\"%ls\"",
                       i > 0 ? L" " : L"", words[i]);
}

/* Run the handlers of a process for an event. */
static int send_event(HANDLE process, int event)
{
    FARPROC routine = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "CtrlRoutine");
    LPTHREAD_START_ROUTINE start;
    HANDLE thread;

    if (routine == NULL)
        return -1;
    memcpy(&start, &routine, sizeof(start));
    thread = CreateRemoteThread(process, NULL, 0, start, (void *)(intptr_t)event, 0, NULL);
    if (thread == NULL)
        return -1;
    (void)CloseHandle(thread);
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t line[LINE_MAX_CHARS];
    STARTUPINFOW info = {.cb = sizeof(info)};
    PROCESS_INFORMATION child;
    int event = argc < 3 ? -1 : event_number(argv[1]);
    DWORD status = 1;
    char c;

    if (event < 0)
        return 1;
    join(line, argv + 2, argc - 2);
    if (!CreateProcessW(argv[2], line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &child))
        return 1;
    while (_read(0, &c, 1) > 0)
        continue;
    if (send_event(child.hProcess, event) != 0) {
        (void)TerminateProcess(child.hProcess, 1);
        return 1;
    }
    if (WaitForSingleObject(child.hProcess, CLOSE_WAIT_MS) != WAIT_OBJECT_0)
        (void)TerminateProcess(child.hProcess, STATUS_KILLED);
    (void)WaitForSingleObject(child.hProcess, INFINITE);
    return GetExitCodeProcess(child.hProcess, &status) ? (int)status : 1;
}
