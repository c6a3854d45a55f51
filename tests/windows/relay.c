/*
 * relay: a program of Windows that stands for one of this system, under wine. NAME.exe asks
 * relay.py, on this machine at RELAY_PORT, to run NAME in the current folder with these arguments,
 * and passes on the three streams and the exit status.
 *
 * Both sides send frames: a letter, a length of four bytes, the longest first, and that many bytes.
 * From here: P program, C folder, A argument, G go, I input, E end of input. From there: O output,
 * R standard error, X exit status.
 */
#include <winsock2.h>

#include <windows.h>

#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes of a frame and characters of a text. */
#define FRAME_MAX (1 << 17)
#define TEXT_MAX 32768

static SOCKET server;

/* Send one frame. The threads take turns: the main one is done sending when the other begins. */
static void put(char kind, const char *data, DWORD len)
{
    char head[5] = {kind, (char)(len >> 24), (char)(len >> 16), (char)(len >> 8), (char)len};
    DWORD done = 0;
    int n;

    if (send(server, head, sizeof(head), 0) != (int)sizeof(head))
        ExitProcess(121);
    for (; done < len; done += (DWORD)n)
        if ((n = send(server, data + done, (int)(len - done), 0)) <= 0)
            ExitProcess(121);
}

/* Send a frame of text, as UTF-8. */
static void put_text(char kind, const wchar_t *text)
{
    static char utf8[3 * TEXT_MAX];
    int n = WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, (int)sizeof(utf8), NULL, NULL);

    put(kind, utf8, n > 0 ? (DWORD)n - 1 : 0);
}

/* Pass on what comes from standard input. */
static DWORD WINAPI feed(void *unused)
{
    static char bytes[65536];
    DWORD n;

    (void)unused;
    while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes, sizeof(bytes), &n, NULL) && n > 0)
        put('I', bytes, n);
    put('E', "", 0);
    return 0;
}

/* Receive exactly that many bytes. */
static void take(char *bytes, DWORD len)
{
    DWORD done = 0;
    int n;

    for (; done < len; done += (DWORD)n)
        if ((n = recv(server, bytes + done, (int)(len - done), 0)) <= 0)
            ExitProcess(125);
}

/* Write what the program wrote, until it ends. */
static DWORD follow(void)
{
    static char bytes[FRAME_MAX];
    unsigned char head[5];
    DWORD len, done, n;

    for (;;) {
        take((char *)head, sizeof(head));
        len = (DWORD)head[1] << 24 | (DWORD)head[2] << 16 | (DWORD)head[3] << 8 | head[4];
        if (len > sizeof(bytes))
            return 124;
        take(bytes, len);
        if (head[0] == 'X')
            return (unsigned char)bytes[0];
        for (done = 0; done < len; done += n)
            if (!WriteFile(GetStdHandle(head[0] == 'O' ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE),
                           bytes + done, len - done, &n, NULL))
                return 123;
    }
}

int main(void)
{
    static wchar_t text[TEXT_MAX];
    const char *port = getenv("RELAY_PORT");
    struct sockaddr_in address = {.sin_family = AF_INET};
    WSADATA data;
    wchar_t **arguments;
    int n, i;

    arguments = CommandLineToArgvW(GetCommandLineW(), &n);
    address.sin_port = htons((u_short)atoi(port != NULL ? port : "0"));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0 ||
        (server = socket(AF_INET, SOCK_STREAM, 0)) == INVALID_SOCKET ||
        connect(server, (struct sockaddr *)&address, (int)sizeof(address)) != 0) {
        (void)fputs("relay: nobody listens at RELAY_PORT\n", stderr);
        return 126;
    }
    if (GetModuleFileNameW(NULL, text, TEXT_MAX) > 0)
        put_text('P', text);
    if (GetCurrentDirectoryW(TEXT_MAX, text) > 0)
        put_text('C', text);
    for (i = 1; i < n; i++)
        put_text('A', arguments[i]);
    put('G', "", 0);
    if (CreateThread(NULL, 0, feed, NULL, 0, NULL) == NULL)
        return 122;
    ExitProcess(follow());
}
