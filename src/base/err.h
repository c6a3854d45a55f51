/*
 * err: one failure, told once.
 *
 * A function that can fail returns 0 or -1 (or a pointer or NULL) and fills the caller's struct
 * err. Each layer that knows a name puts it in front with err_wrap(), so that the message ends up
 * as "what: which: why". Nobody below main prints an error or exits.
 */
#ifndef AZDAL_BASE_ERR_H
#define AZDAL_BASE_ERR_H

#include <stddef.h>

/* Exit statuses; err_exits[] below is the one table that help, manual, README and module follow. */
enum err_code {
    ERR_NONE = 0,
    ERR_INTERNAL = 1,
    ERR_USAGE = 2,
    ERR_AUTH = 3,
    ERR_REFUSED = 4,
    ERR_NETWORK = 5,
    ERR_LOCAL = 6,
    ERR_UNTRUSTED = 7,
    ERR_FOREIGN = 8,
    ERR_INCOMPLETE = 9,
    ERR_INTERRUPTED = 130
};

/* Sizes in bytes: a message names a path, a server's words (400 bytes at most) and a reason. */
#define ERR_MSG_MAX 1536
#define ERR_HINT_MAX 512

struct err {
    int code;                /* an enum err_code */
    int http;                /* HTTP status behind it, or 0 */
    int os;                  /* errno or the like behind it, or 0 */
    char msg[ERR_MSG_MAX];   /* "what: which: why", no newline, no "azdal: " */
    char hint[ERR_HINT_MAX]; /* one line of advice, or "" */
};

/* One row of the table of exit statuses. */
struct err_exit {
    int code;
    const char *name;    /* the error id that the PowerShell module uses, or "" */
    const char *meaning; /* as --help prints it */
    const char *again;   /* "resumes", "no", "see below" or "" */
};

/* All exit statuses in ascending order; the last row has meaning NULL. */
extern const struct err_exit err_exits[];

/* The name in that table; "" if there is none. */
const char *err_name(int code);

/* Replace *e by code and a formatted message (cut at ERR_MSG_MAX). Always returns -1. */
int err_set(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(__printf__, 3, 4)));

/* The same, with ": " and the system's text for the errno value `os` behind it. Returns -1. */
int err_set_os(struct err *e, int code, int os, const char *fmt, ...)
    __attribute__((format(__printf__, 4, 5)));

/* Put a formatted name and ": " in front of the message. Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(__printf__, 2, 3)));

/* Set the hint. Returns -1, so that a failing function can end with it. */
int err_hint(struct err *e, const char *fmt, ...) __attribute__((format(__printf__, 2, 3)));

/*
 * Copy text of foreign origin (n bytes) into dst (cap bytes, cap > 0) fit for one line of a
 * message (text_clean in text.h), at most 400 bytes. What is cut ends with "...". dst is always
 * terminated.
 */
void err_clean_text(char *dst, size_t cap, const char *text, size_t n);
/* The same without that limit: for what is kept as evidence. */
void err_clean_whole(char *dst, size_t cap, const char *text, size_t n);

#endif
