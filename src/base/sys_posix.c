#define _GNU_SOURCE
#include "base/sys.h"

#include "base/mem.h"
#include "base/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Bytes of a block that is mapped by itself, and of free memory at the top that is kept: bodies and
 * fragments come and go all the time, and to give their memory back and ask for it again costs an
 * eighth of the processor time. */
#define SYS_MMAP_THRESHOLD (32 << 20)
#define SYS_TRIM_THRESHOLD (64 << 20)

static atomic_int interrupted;

/* ---- process ---- */

/* A standard stream that is closed would be the next file that is opened, and data or messages
 * would be written into it. It becomes one that, like a closed one, can neither be read nor
 * written. */
static void hold_streams(void)
{
    int fd;

    for (fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
    }
}

void sys_start(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    const struct rlimit no_core = {0, 0};

    /* A core file would hold the token. Children inherit the limit; what they hold is theirs. */
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    hold_streams();
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL);
    (void)umask(0077);
    (void)mallopt(M_MMAP_THRESHOLD, SYS_MMAP_THRESHOLD);
    (void)mallopt(M_TRIM_THRESHOLD, SYS_TRIM_THRESHOLD);
    (void)mallopt(M_ARENA_MAX, 2);
}

char **sys_arguments(int *argc, char **argv)
{
    (void)argc;
    return argv;
}

/* The handler of the signals that ask the program to stop. */
static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

void sys_interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
}

int sys_interrupted(void)
{
    return interrupted;
}

void sys_interrupt_raise(void)
{
    interrupted = 1;
}

void sys_die(void)
{
    (void)kill(getpid(), SIGKILL);
    (void)pause();
}

unsigned sys_cpu_count(void)
{
    cpu_set_t set;
    int n;

    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    n = CPU_COUNT(&set);
    return n < 1 ? 1 : (unsigned)n;
}

uint64_t sys_random(void)
{
    uint64_t bits;

    if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
        bits = (uint64_t)sys_monotonic_ms() * UINT64_C(0x9e3779b97f4a7c15);
    return bits;
}

/* ---- time ---- */

int64_t sys_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return timestamp_from_unix((int64_t)t.tv_sec) + t.tv_nsec / 100;
}

int64_t sys_monotonic_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sys_sleep_ms(int ms)
{
    (void)poll(NULL, 0, ms);
}

/* ---- terminal and children ---- */

int sys_is_terminal(int fd)
{
    return isatty(fd);
}

int sys_terminal_width(void)
{
    struct winsize w;

    if (ioctl(2, TIOCGWINSZ, &w) != 0 || w.ws_col < 20)
        return 80;
    return w.ws_col;
}

/* In the child: become a group, connect the output, run the shell. */
static void run_shell(const char *command, int out_fd)
{
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t none;
    int null_fd = open("/dev/null", O_RDONLY);

    (void)setpgid(0, 0);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)sigaction(SIGPIPE, &standard, NULL);
    (void)sigaction(SIGXFSZ, &standard, NULL);
    if (null_fd < 0 || dup2(null_fd, 0) < 0 || dup2(out_fd, 1) < 0)
        _exit(127);
    (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* A shell that was started. */
struct child {
    int64_t deadline_ms; /* by sys_monotonic_ms */
    int timeout_ms;
    int fd; /* what it prints */
    pid_t pid;
    int ended;
    int status; /* as of waitpid, once it has ended */
};

/* Whether the shell itself has ended. */
static int has_ended(struct child *c)
{
    if (!c->ended)
        c->ended = waitpid(c->pid, &c->status, WNOHANG) != 0;
    return c->ended;
}

/* Read the output until it ends or the time is up. What the shell has left running may hold the
 * pipe: when the shell has ended, something was printed and no more comes, that is stopped. */
static int collect_output(struct child *c, size_t max_bytes, struct buf *out, struct err *e)
{
    for (;;) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        int64_t left = c->deadline_ms - sys_monotonic_ms();
        int ended = has_ended(c), ready; /* asked first: then all of its output is in the pipe */
        ssize_t n;

        if (interrupted)
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        if (left <= 0)
            return err_set(e, ERR_AUTH, "timed out after %d s", c->timeout_ms / 1000);
        ready = poll(&p, 1, left < 100 ? (int)left : 100);
        if (ready == 0 && ended && out->len > 0) {
            (void)kill(-c->pid, SIGKILL);
            return 0;
        }
        if (ready <= 0)
            continue;
        buf_reserve(out, 4096);
        n = read(c->fd, out->data + out->len, 4096);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set_os(e, ERR_AUTH, errno, "its output could not be read");
        if (n == 0)
            return 0;
        out->len += (size_t)n;
        if (out->len > max_bytes)
            return err_set(e, ERR_AUTH, "printed more than %zu bytes", max_bytes);
    }
}

/* Wait for the child up to the deadline. */
static int wait_child(struct child *c, struct err *e)
{
    while (!has_ended(c)) {
        if (interrupted)
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        if (sys_monotonic_ms() > c->deadline_ms)
            return err_set(e, ERR_AUTH, "timed out after %d s", c->timeout_ms / 1000);
        sys_sleep_ms(5);
    }
    return 0;
}

int sys_run_command(const char *command, int timeout_ms, size_t max_bytes, struct buf *out,
                    struct err *e)
{
    struct child c = {.deadline_ms = sys_monotonic_ms() + timeout_ms, .timeout_ms = timeout_ms};
    int pipes[2], ret = -1;

    if (pipe2(pipes, O_CLOEXEC) != 0)
        return err_set_os(e, ERR_AUTH, errno, "cannot be started");
    c.pid = fork();
    if (c.pid == 0)
        run_shell(command, pipes[1]);
    (void)close(pipes[1]);
    if (c.pid < 0) {
        (void)err_set_os(e, ERR_AUTH, errno, "cannot be started");
        goto out;
    }
    c.fd = pipes[0];
    (void)setpgid(c.pid, c.pid);
    if (collect_output(&c, max_bytes, out, e) != 0 || wait_child(&c, e) != 0) {
        (void)kill(-c.pid, SIGKILL);
        if (!c.ended)
            (void)waitpid(c.pid, &c.status, 0);
        goto out;
    }
    if (WIFSIGNALED(c.status))
        (void)err_set(e, ERR_AUTH, "ended by signal %d", WTERMSIG(c.status));
    else if (WEXITSTATUS(c.status) != 0)
        (void)err_set(e, ERR_AUTH, "exited with status %d", WEXITSTATUS(c.status));
    else
        ret = 0;
out:
    (void)close(pipes[0]);
    return ret;
}

/* ---- SHA-256 ---- */

void *sys_sha256_new(void)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();

    if (c == NULL || EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1)
        mem_fail();
    return c;
}

void sys_sha256_free(void *state)
{
    EVP_MD_CTX_free(state);
}

void sys_sha256_update(void *state, const void *data, size_t len)
{
    (void)EVP_DigestUpdate(state, data, len);
}

void sys_sha256_final(void *state, unsigned char digest[32])
{
    (void)EVP_DigestFinal_ex(state, digest, NULL);
    (void)EVP_DigestInit_ex(state, EVP_sha256(), NULL);
}
