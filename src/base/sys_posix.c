#define _GNU_SOURCE
#include "base/sys.h"

#include "base/timestamp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <openssl/evp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Blocks above this many bytes are given back to the system when freed, so that peaks do not add
 * up: page bodies and fragments are the only blocks that large. */
#define SYS_MMAP_THRESHOLD (512 * 1024)

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

    hold_streams();
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL);
    (void)umask(0077);
    (void)mallopt(M_MMAP_THRESHOLD, SYS_MMAP_THRESHOLD);
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

/* ---- threads ---- */

struct sys_thread {
    pthread_t id;
};

/* What a new thread is told; it frees this itself. */
struct thread_order {
    void (*fn)(void *arg);
    void *arg;
};

struct sys_mutex {
    pthread_mutex_t m;
};

struct sys_cond {
    pthread_cond_t c;
};

/* What a new thread runs: the caller's function, with signals left to the main thread. */
static void *thread_main(void *arg)
{
    struct thread_order order = *(struct thread_order *)arg;

    free(arg);
    order.fn(order.arg);
    return NULL;
}

struct sys_thread *sys_thread_start(void (*fn)(void *arg), void *arg)
{
    struct sys_thread *t = calloc(1, sizeof(*t));
    struct thread_order *order = calloc(1, sizeof(*order));
    sigset_t all, old;
    int failed;

    if (t == NULL || order == NULL) {
        free(t);
        free(order);
        return NULL;
    }
    order->fn = fn;
    order->arg = arg;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    failed = pthread_create(&t->id, NULL, thread_main, order);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed) {
        free(t);
        free(order);
        return NULL;
    }
    return t;
}

void sys_thread_join(struct sys_thread *t)
{
    (void)pthread_join(t->id, NULL);
    free(t);
}

void sys_thread_detach(struct sys_thread *t)
{
    (void)pthread_detach(t->id);
    free(t);
}

struct sys_mutex *sys_mutex_new(void)
{
    struct sys_mutex *m = calloc(1, sizeof(*m));

    if (m != NULL && pthread_mutex_init(&m->m, NULL) != 0) {
        free(m);
        return NULL;
    }
    return m;
}

void sys_mutex_free(struct sys_mutex *m)
{
    if (m == NULL)
        return;
    (void)pthread_mutex_destroy(&m->m);
    free(m);
}

void sys_mutex_lock(struct sys_mutex *m)
{
    (void)pthread_mutex_lock(&m->m);
}

void sys_mutex_unlock(struct sys_mutex *m)
{
    (void)pthread_mutex_unlock(&m->m);
}

struct sys_cond *sys_cond_new(void)
{
    struct sys_cond *c = calloc(1, sizeof(*c));

    if (c != NULL && pthread_cond_init(&c->c, NULL) != 0) {
        free(c);
        return NULL;
    }
    return c;
}

void sys_cond_free(struct sys_cond *c)
{
    if (c == NULL)
        return;
    (void)pthread_cond_destroy(&c->c);
    free(c);
}

void sys_cond_wait(struct sys_cond *c, struct sys_mutex *m)
{
    (void)pthread_cond_wait(&c->c, &m->m);
}

void sys_cond_signal(struct sys_cond *c)
{
    (void)pthread_cond_signal(&c->c);
}

void sys_cond_broadcast(struct sys_cond *c)
{
    (void)pthread_cond_broadcast(&c->c);
}

/* ---- files ---- */

/* A file operation failed: "<verb> <path>: <reason>". */
static int fail(struct err *e, const char *verb, const char *path)
{
    return err_set_os(e, ERR_LOCAL, errno, "%s %s", verb, path);
}

int sys_open(const char *path, enum sys_open_mode mode, struct err *e)
{
    static const int flags[] = {O_RDONLY, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
                                O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW,
                                O_RDWR | O_CREAT | O_NOFOLLOW};
    int fd;

    do
        fd = open(path, flags[mode] | O_CLOEXEC, 0600);
    while (fd < 0 && errno == EINTR && !interrupted);
    return fd < 0 ? fail(e, mode == SYS_READ ? "open" : "create", path) : fd;
}

int sys_open_inside(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    return fd < 0 ? fail(e, "open", path) : fd;
}

long sys_read(int fd, void *data, size_t len, const char *path, struct err *e)
{
    ssize_t n;

    do
        n = read(fd, data, len);
    while (n < 0 && errno == EINTR && !interrupted);
    return n < 0 ? fail(e, "read", path) : n;
}

long sys_read_at(int fd, uint64_t offset, void *data, size_t len, const char *path, struct err *e)
{
    size_t got = 0;

    while (got < len) {
        ssize_t n = pread(fd, (char *)data + got, len - got, (off_t)(offset + got));

        if (n < 0 && errno == EINTR)
            continue;
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
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(e, "write", path);
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int sys_seek(int fd, uint64_t offset, const char *path, struct err *e)
{
    return lseek(fd, (off_t)offset, SEEK_SET) < 0 ? fail(e, "seek in", path) : 0;
}

int sys_truncate(int fd, uint64_t size, const char *path, struct err *e)
{
    return ftruncate(fd, (off_t)size) != 0 ? fail(e, "cut", path) : 0;
}

int sys_file_size(int fd, uint64_t *size, const char *path, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fail(e, "read", path);
    *size = (uint64_t)st.st_size;
    return 0;
}

int sys_sync(int fd, const char *path, struct err *e)
{
    return fdatasync(fd) != 0 && errno != EINVAL ? fail(e, "sync", path) : 0;
}

int sys_close(int fd, const char *path, struct err *e)
{
    if (fd < 0)
        return 0;
    return close(fd) != 0 && errno != EINTR ? fail(e, "close", path) : 0;
}

int sys_read_file(const char *path, size_t max_bytes, struct buf *out, struct err *e)
{
    int fd = sys_open(path, SYS_READ, e), ret = -1;
    struct err ignored;
    long n = 0;

    if (fd < 0)
        return -1;
    buf_clear(out);
    do {
        out->len += (size_t)n;
        if (out->len > max_bytes) {
            (void)err_set(e, ERR_UNTRUSTED, "%s: larger than %zu bytes", path, max_bytes);
            goto out;
        }
        if (buf_reserve(out, 65536) != 0) {
            (void)err_memory(e, path);
            goto out;
        }
        n = sys_read(fd, out->data + out->len, out->cap - out->len, path, e);
    } while (n > 0);
    ret = n < 0 ? -1 : 0;
out:
    (void)sys_close(fd, path, &ignored);
    return ret;
}

enum sys_kind sys_kind(const char *path)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? SYS_MISSING : SYS_OTHER;
    if (S_ISREG(st.st_mode))
        return SYS_FILE;
    if (S_ISDIR(st.st_mode))
        return SYS_FOLDER;
    return S_ISLNK(st.st_mode) ? SYS_LINK : SYS_OTHER;
}

int sys_mkdir(const char *path, struct err *e)
{
    if (mkdir(path, 0700) == 0 || (errno == EEXIST && sys_kind(path) == SYS_FOLDER))
        return 0;
    return fail(e, "create folder", path);
}

/* Make the name of a new folder durable, where the folder above may be read. */
static int sync_above(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *above = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd, ret = 0;

    if (above == NULL)
        return err_memory(e, path);
    fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        ret = fsync(fd) != 0 && errno != EINVAL ? fail(e, "sync", above) : 0;
        (void)close(fd);
    }
    free(above);
    return ret;
}

/* Create one folder, or find it. A link to a folder is the user's own choice. */
static int make_or_find(const char *path, struct err *e)
{
    struct stat st;
    int why;

    if (mkdir(path, 0700) == 0)
        return sync_above(path, e);
    why = errno;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return 0;
        why = ENOTDIR;
    }
    errno = why;
    return fail(e, "create folder", path);
}

int sys_mkdir_all(const char *path, struct err *e)
{
    char *copy = strdup(path), *p;
    int ret = 0;

    if (copy == NULL)
        return err_memory(e, path);
    for (p = copy + 1; *p != '\0' && ret == 0; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        ret = make_or_find(copy, e);
        *p = '/';
    }
    if (ret == 0)
        ret = make_or_find(copy, e);
    free(copy);
    return ret;
}

int sys_rename(const char *from, const char *to, struct err *e)
{
    return rename(from, to) != 0 ? fail(e, "rename to", to) : 0;
}

int sys_sync_folder(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

    if (fd < 0)
        return fail(e, "open", path);
    ret = fsync(fd) != 0 && errno != EINVAL ? fail(e, "sync", path) : 0;
    (void)close(fd);
    return ret;
}

int sys_remove(const char *path, struct err *e)
{
    return unlink(path) != 0 && errno != ENOENT ? fail(e, "remove", path) : 0;
}

int sys_remove_open(int fd, const char *path, struct err *e)
{
    struct err ignored;
    int ret = sys_remove(path, e);

    (void)sys_close(fd, path, &ignored);
    return ret;
}

int sys_remove_folder(const char *path, struct err *e)
{
    return rmdir(path) != 0 && errno != ENOENT ? fail(e, "remove folder", path) : 0;
}

int sys_list(const char *path, int (*fn)(const char *name, enum sys_kind kind, void *arg),
             void *arg, struct err *e)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort), i, ret = 0;

    if (n < 0)
        return fail(e, "read folder", path);
    for (i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        struct buf full = {0};

        if (ret == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            if (buf_printf(&full, "%s/%s", path, name) != 0)
                ret = err_memory(e, path);
            else
                ret = fn(name, sys_kind(full.data), arg);
        }
        buf_free(&full);
        free(entries[i]);
    }
    free(entries);
    return ret;
}

int sys_lock(int fd, const char *path, struct err *e)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    return errno == EWOULDBLOCK ? 1 : fail(e, "lock", path);
}

int sys_same_file(int fd, const char *path)
{
    struct stat a, b;

    return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

int sys_open_temporary(const char *folder, struct err *e)
{
    struct buf path = {0};
    int fd;

    if (folder == NULL)
        folder = getenv("TMPDIR");
    if (folder == NULL || *folder == '\0')
        folder = "/tmp";
    if (buf_printf(&path, "%s/azdal.XXXXXX", folder) != 0)
        return err_memory(e, folder);
    fd = mkostemp(path.data, O_CLOEXEC);
    if (fd < 0)
        (void)fail(e, "create a temporary file in", folder);
    else
        (void)unlink(path.data);
    buf_free(&path);
    return fd;
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

/* Read the child's output until it ends or the time is up. */
static int collect_output(int fd, int64_t deadline_ms, int timeout_ms, size_t max_bytes,
                          struct buf *out, struct err *e)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = deadline_ms - sys_monotonic_ms();
        ssize_t n;

        if (interrupted)
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        if (left <= 0)
            return err_set(e, ERR_AUTH, "timed out after %d s", timeout_ms / 1000);
        if (poll(&p, 1, left < 100 ? (int)left : 100) <= 0)
            continue;
        if (buf_reserve(out, 4096) != 0)
            return err_memory(e, "output of the command");
        n = read(fd, out->data + out->len, 4096);
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
static int wait_child(pid_t pid, int64_t deadline_ms, int timeout_ms, int *status, struct err *e)
{
    while (waitpid(pid, status, WNOHANG) == 0) {
        if (interrupted)
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        if (sys_monotonic_ms() > deadline_ms)
            return err_set(e, ERR_AUTH, "timed out after %d s", timeout_ms / 1000);
        sys_sleep_ms(5);
    }
    return 0;
}

int sys_run_command(const char *command, int timeout_ms, size_t max_bytes, struct buf *out,
                    struct err *e)
{
    int64_t deadline_ms = sys_monotonic_ms() + timeout_ms;
    int pipes[2], status = 0, ret = -1;
    pid_t pid;

    if (pipe2(pipes, O_CLOEXEC) != 0)
        return err_set_os(e, ERR_AUTH, errno, "cannot be started");
    pid = fork();
    if (pid == 0)
        run_shell(command, pipes[1]);
    (void)close(pipes[1]);
    if (pid < 0) {
        (void)err_set_os(e, ERR_AUTH, errno, "cannot be started");
        goto out;
    }
    (void)setpgid(pid, pid);
    if (collect_output(pipes[0], deadline_ms, timeout_ms, max_bytes, out, e) != 0 ||
        wait_child(pid, deadline_ms, timeout_ms, &status, e) != 0) {
        (void)kill(-pid, SIGKILL);
        (void)waitpid(pid, &status, 0);
        goto out;
    }
    if (WIFSIGNALED(status))
        (void)err_set(e, ERR_AUTH, "ended by signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        (void)err_set(e, ERR_AUTH, "exited with status %d", WEXITSTATUS(status));
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

    if (c != NULL && EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(c);
        return NULL;
    }
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
