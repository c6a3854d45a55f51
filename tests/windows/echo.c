/*
 * echo: what a program on Windows sees of its command line.
 *
 *   echo.exe ARGS...      prints each argument and a '\0'
 *   echo.exe --lines FILE starts itself with each command line in FILE (UTF-8, '\0' behind each),
 * which stands behind the program's name as it is, and prints a newline after it
 *
 * The arguments are taken apart as azdal.exe does it; --crt takes what the C run-time made of them.
 */
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Characters of a command line: the system's limit. */
#define LINE_MAX_CHARS 32768

/* Print one argument as UTF-8 and a '\0'. */
static void put(const wchar_t *text)
{
    static char utf8[LINE_MAX_CHARS * 3];
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, (int)sizeof(utf8), NULL, NULL);

    (void)fwrite(utf8, 1, n > 0 ? (size_t)n : 0, stdout);
}

/* Start this program with a command line and wait for it. */
static int start(const char *utf8)
{
    static wchar_t line[LINE_MAX_CHARS], text[LINE_MAX_CHARS];
    STARTUPINFOW info = {.cb = sizeof(info)};
    PROCESS_INFORMATION child;
    wchar_t self[MAX_PATH];
    DWORD status = 1;

    if (GetModuleFileNameW(NULL, self, MAX_PATH) == 0 ||
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, text, LINE_MAX_CHARS) == 0)
        return 1;
    (void)swprintf(line, LINE_MAX_CHARS, L"\"%ls\" %ls", self, text);
    (void)fflush(stdout);
    if (!CreateProcessW(self, line, NULL, NULL, TRUE, 0, NULL, NULL, &info, &child))
        return 1;
    (void)WaitForSingleObject(child.hProcess, INFINITE);
    (void)GetExitCodeProcess(child.hProcess, &status);
    (void)CloseHandle(child.hThread);
    (void)CloseHandle(child.hProcess);
    (void)putchar('\n');
    return (int)status;
}

/* Start this program with every line of a file. */
static int start_all(const wchar_t *path)
{
    static char utf8[LINE_MAX_CHARS];
    FILE *f = _wfopen(path, L"rb");
    size_t n = 0;
    int c, status = 0;

    if (f == NULL)
        return 1;
    while (status == 0 && (c = getc(f)) != EOF && n < sizeof(utf8)) {
        utf8[n++] = (char)c;
        if (c == '\0') {
            status = start(utf8);
            n = 0;
        }
    }
    (void)fclose(f);
    return status != 0 || n > 0;
}

int wmain(int argc, wchar_t **argv)
{
    wchar_t **own = argv;
    int n = argc, i;

    (void)_setmode(1, _O_BINARY);
    if (argc == 3 && wcscmp(argv[1], L"--lines") == 0)
        return start_all(argv[2]);
    if (argc < 2 || wcscmp(argv[1], L"--crt") != 0)
        own = CommandLineToArgvW(GetCommandLineW(), &n);
    for (i = 1; own != NULL && i < n; i++)
        put(own[i]);
    return own == NULL || fflush(stdout) != 0;
}
