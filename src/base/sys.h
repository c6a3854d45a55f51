/*
 * sys: everything that differs between systems, behind one set of names. sys_posix*.c and
 * sys_win32*.c implement it, and sys_file.c what is the same on all; nothing else includes
 * <pthread.h>, <windows.h>, <unistd.h> or the like.
 *
 * Paths are UTF-8 everywhere. File descriptors are plain ints in binary mode, not inherited by
 * children. Unless said otherwise a function returns 0 or -1 and its error is ERR_LOCAL with
 * "<verb> <path>: <reason of the system>".
 */
#ifndef AZDAL_BASE_SYS_H
#define AZDAL_BASE_SYS_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* ---- process ---- */

/* Set the process up: binary standard streams, no SIGPIPE, files 0600 and folders 0700, UTF-8. */
void sys_start(void);
/* The command line in UTF-8: argv itself, or on Windows what the system says it was, with *argc set
 * to its length. */
char **sys_arguments(int *argc, char **argv);
/* Make SIGINT, SIGTERM and SIGHUP (Ctrl+C and console close on Windows) set a flag. */
void sys_interrupt_watch(void);
/* Whether one of them came. */
int sys_interrupted(void);
/* Set the flag from inside, as the line `cancel` on standard input does. */
void sys_interrupt_raise(void);

/* End the process at once, as a crash does: nothing is flushed. For fault.c alone. */
void sys_die(void);

/* Processors that this process may use, at least 1. */
unsigned sys_cpu_count(void);
/* Unpredictable bits, for jitter. */
uint64_t sys_random(void);

/* ---- time ---- */

/* UTC now in ticks (timestamp.h). */
int64_t sys_now(void);
/* Milliseconds of a clock that never jumps. */
int64_t sys_monotonic_ms(void);
void sys_sleep_ms(int ms);

/* ---- threads ---- */

struct sys_thread;
struct sys_mutex;
struct sys_cond;

/* Start fn(arg); NULL when the system has no room for another. Every thread is joined, which frees
 * it. */
struct sys_thread *sys_thread_start(void (*fn)(void *arg), void *arg);
void sys_thread_join(struct sys_thread *t);
/* Give up a thread that may be blocked for ever (a reader of standard input). Frees the handle. */
void sys_thread_detach(struct sys_thread *t);

struct sys_mutex *sys_mutex_new(void);
void sys_mutex_free(struct sys_mutex *m);
void sys_mutex_lock(struct sys_mutex *m);
void sys_mutex_unlock(struct sys_mutex *m);

struct sys_cond *sys_cond_new(void);
void sys_cond_free(struct sys_cond *c);
void sys_cond_wait(struct sys_cond *c, struct sys_mutex *m);
void sys_cond_signal(struct sys_cond *c);
void sys_cond_broadcast(struct sys_cond *c);

/* ---- files ---- */

enum sys_open_mode {
    SYS_READ,        /* existing file, for reading */
    SYS_CREATE,      /* new file for reading and writing; it must not exist */
    SYS_REPLACE,     /* the same, an existing file is emptied */
    SYS_APPEND_OPEN, /* for reading and writing, kept as it is, created if missing */
};

enum sys_kind { SYS_MISSING, SYS_FILE, SYS_FOLDER, SYS_LINK, SYS_OTHER };

/* Open a file without following a link in its last part (SYS_READ follows it: inputs may be links).
 * Returns a descriptor or -1. */
int sys_open(const char *path, enum sys_open_mode mode, struct err *e);
/* The same for reading, but a link in the last part is refused: for files inside an export. */
int sys_open_inside(const char *path, struct err *e);
/* Read up to len bytes. Returns their number, 0 at the end, -1 on failure (path for the message).
 */
long sys_read(int fd, void *data, size_t len, const char *path, struct err *e);
/* Read at a place without moving; short only at the end. */
long sys_read_at(int fd, uint64_t offset, void *data, size_t len, const char *path, struct err *e);
/* Write all of it. */
int sys_write(int fd, const void *data, size_t len, const char *path, struct err *e);
int sys_seek(int fd, uint64_t offset, const char *path, struct err *e);
int sys_truncate(int fd, uint64_t size, const char *path, struct err *e);
int sys_file_size(int fd, uint64_t *size, const char *path, struct err *e);
/* Force written data to the disk. */
int sys_sync(int fd, const char *path, struct err *e);
/* Close; an error of a delayed write shows here. fd -1 is accepted. */
int sys_close(int fd, const char *path, struct err *e);
/* Read a whole file of at most max_bytes into *out (replacing it). Larger: ERR_UNTRUSTED. */
int sys_read_file(const char *path, size_t max_bytes, struct buf *out, struct err *e);

/* What is at path, without following a link. */
enum sys_kind sys_kind(const char *path);
/* What goes between the names of a path that goes on from this one: '/', or '\\' where the system
 * takes that and the path has it. */
char sys_separator(const char *path);
/* The whole path of what is there, from the root on, in new memory; NULL where it cannot be told.
 */
char *sys_real_path(const char *path);
/* Create a folder and those above it, durably. */
int sys_mkdir_all(const char *path, struct err *e);
/* Remove an empty folder; a missing one is fine. */
int sys_remove_folder(const char *path, struct err *e);
/* Call fn(name, kind, arg) for each entry but "." and ".."; stops when fn returns nonzero, and
 * returns that; -1 with *e when the folder cannot be read. The order is by name. */
int sys_list(const char *path, int (*fn)(const char *name, enum sys_kind kind, void *arg),
             void *arg, struct err *e);
/* Take a lock on an open file that ends with the process. Returns 0, 1 when another holds it, -1.
 */
int sys_lock(int fd, const char *path, struct err *e);
/* Whether fd is still the file at path (another run may have removed it). */
int sys_same_file(int fd, const char *path);
/* An open, empty file without a name in `folder`, or where it is NULL in the system's folder for
 * temporary files. It is gone when it is closed. */
int sys_open_temporary(const char *folder, struct err *e);

/* ---- below a folder that is held open ---- */

/*
 * A folder, and what is below it. Names are relative paths with '/' between their parts ("" is the
 * folder itself); a part that is empty, "." or ".." is refused. Every step is taken from the handle
 * and never through a link (on Windows: any reparse point that stands for another name): a link,
 * or anything else than the file or folder that is expected, is ERR_FOREIGN, at once and untouched.
 * Messages name the path that the folder was opened by.
 */
struct sys_dir;

/* Who can change an entry. Where the file system has no owners, `ours` is 1 and `shared` 0. */
struct sys_facts {
    enum sys_kind kind;
    int ours;       /* it belongs to the user that this process runs as */
    int shared;     /* its group or everybody may write to it */
    uint64_t links; /* names that a file has */
    int unseen;     /* why the system does not tell what is there, or 0 */
};

/* Open a folder; `follow` says whether its own path may be a link. */
struct sys_dir *sys_dir_open(const char *path, int follow, struct err *e);
/* A folder below another one. */
struct sys_dir *sys_dir_open_below(const struct sys_dir *d, const char *name, struct err *e);
/* NULL is accepted. */
void sys_dir_close(struct sys_dir *d);
/* The path that it was opened by, without slashes at its end. */
const char *sys_dir_path(const struct sys_dir *d);
/* Whether its file system keeps owners and modes; where its kind leaves that open, a file is made
 * and removed to find out. From then on *d knows it, see sys_facts. */
int sys_dir_has_owners(struct sys_dir *d);
/* Give the folder itself to its owner alone (0700). */
int sys_dir_restrict(struct sys_dir *d, struct err *e);
/* What is there; SYS_LINK for a name behind a link too. What the system does not tell, after a
 * failure of the disk or without the permission, counts as a file: to open it gives the reason. */
void sys_dir_look(const struct sys_dir *d, const char *name, struct sys_facts *f);
enum sys_kind sys_dir_kind(const struct sys_dir *d, const char *name);
/* Open a plain file, as sys_open does. A FIFO, a socket or a device never blocks, and a file with
 * another name is not opened for writing. */
int sys_dir_file(const struct sys_dir *d, const char *name, enum sys_open_mode mode, struct err *e);
/* Read a whole plain file of at most max_bytes, as sys_read_file does. */
int sys_dir_read(const struct sys_dir *d, const char *name, size_t max_bytes, struct buf *out,
                 struct err *e);
/* An open, empty file without a name in the folder `name`. */
int sys_dir_temporary(const struct sys_dir *d, const char *name, struct err *e);
/* Create one folder (0700); an existing folder is fine. */
int sys_dir_make(const struct sys_dir *d, const char *name, struct err *e);
/* Replace `to` by `from` in one step. */
int sys_dir_rename(const struct sys_dir *d, const char *from, const char *to, struct err *e);
/* Remove a file, or an empty folder; a missing one is fine. */
int sys_dir_remove(const struct sys_dir *d, const char *name, struct err *e);
int sys_dir_remove_folder(const struct sys_dir *d, const char *name, struct err *e);
/* Remove a file that is open here, such as a lock, and close it. The name is gone before the lock.
 */
int sys_dir_remove_open(const struct sys_dir *d, int fd, const char *name, struct err *e);
/* Make a rename or creation inside a folder durable. */
int sys_dir_sync(const struct sys_dir *d, const char *name, struct err *e);
/* The like of sys_same_file and sys_list. */
int sys_dir_same_file(const struct sys_dir *d, int fd, const char *name);
int sys_dir_list(const struct sys_dir *d, const char *name,
                 int (*fn)(const char *entry, enum sys_kind kind, void *arg), void *arg,
                 struct err *e);
/* Whether every part of a name is one that these functions take. */
int sys_dir_name_is_safe(const char *name);

/* ---- terminal and children ---- */

int sys_is_terminal(int fd);
/* Columns of the terminal on stderr, 80 if unknown. */
int sys_terminal_width(void);

/*
 * Run `command` through the system's shell with no standard input in a process group of its own,
 * and collect at most max_bytes of its standard output in *out. It is killed with its group after
 * timeout_ms or when the process is interrupted. Standard error passes through. Errors: ERR_AUTH
 * with the reason ("timed out after 60 s", "exited with status 3"); the command is not named.
 */
int sys_run_command(const char *command, int timeout_ms, size_t max_bytes, struct buf *out,
                    struct err *e);

/* ---- network ---- */

/* Where the authorities are whom TLS trusts, by the environment or else by what is usual. All NULL
 * on Windows, whose own store is used. Strings are static or the environment's. */
struct sys_trust {
    const char *file, *folder; /* PEM file and hashed folder; NULL for libcurl's own default */
    const char *variable;      /* that has named one of them, or NULL */
};
void sys_trust(struct sys_trust *t);
/* The places where sys_trust looks, for a message. */
extern const char sys_trust_places[];

/* What the system says about proxies, apart from variables of the environment. */
struct sys_proxy {
    char *list;   /* as proxy_from_list reads it, or NULL; the caller frees it */
    char *bypass; /* as proxy_is_bypassed reads it, or NULL; the caller frees it */
};
/* On Windows: the user's settings, and what a configuration script says about url. Returns whether
 * there is a proxy. May take seconds where a script has to be fetched. */
int sys_system_proxy(const char *url, struct sys_proxy *p);

/* Acknowledge at once what a TCP socket has received. A peer that sends the header of an answer
 * alone waits for that before it sends the body (Nagle's algorithm), and the system would wait,
 * too: 40 ms on Linux. Where this cannot be asked for nothing happens. */
void sys_acknowledge(intptr_t socket);

/* ---- SHA-256 (use hash.h) ---- */

void *sys_sha256_new(void);
void sys_sha256_free(void *state);
void sys_sha256_update(void *state, const void *data, size_t len);
void sys_sha256_final(void *state, unsigned char digest[32]); /* and start anew */

#endif
