/*
 * input: what the PATHs of a command line stand for: files to read in order, those of an export cut
 * into the windows of its ledger, so that they can be read side by side and by time.
 */
#ifndef AZDAL_READ_INPUT_H
#define AZDAL_READ_INPUT_H

#include "base/err.h"
#include "base/hash_map.h"
#include "export/manifest.h"
#include "read/unpack.h"
#include "read/zip.h"

#include <stddef.h>
#include <stdint.h>

/* Folders inside each other: Azure Monitor's archive by hour has 12 levels. More is told as damage.
 */
#define INPUT_DEPTH_MAX 32

/* One file, or standard input. */
struct input_file {
    char *path;        /* as it is shown and opened; "-" is standard input */
    const char *scope; /* of the manifest, or NULL */
    const char *name;  /* of a file of an export: below its folder; else NULL */
    int export_index;  /* into exports, or -1 */
    int found;         /* in a folder or an archive, not named by the user */
    char *archive;     /* the zip archive that it is a member of, or NULL */
    struct zip_member *member;
    int archive_found; /* as found, of the archive */
};

enum input_kind {
    INPUT_WHOLE,    /* the file from its first byte */
    INPUT_FRAGMENT, /* one window of it */
    INPUT_DIGEST,   /* nothing to hand out: the file must have the SHA-256 in text */
    INPUT_DAMAGE,   /* nothing to read: text says what is wrong */
    INPUT_UNREAD,   /* the same, and it is this machine that does not let it be read */
    INPUT_WARNING   /* nothing to read: text says what to know */
};

/* One piece to read, or something to tell in its place. */
struct input_part {
    enum input_kind kind;
    size_t file;
    const struct manifest_window *window; /* of a fragment */
    int64_t first_event, last_event; /* what the manifest says its events begin and end with; 0:
                                        nothing */
    uint64_t first_line;             /* number of its first line in the file */
    char *text;
};

struct sys_dir;

struct input_export {
    struct sys_dir *dir; /* owned */
    struct manifest manifest;
    int in_part;  /* not the folder was named, but files of it */
    char **named; /* those, as they were written, by their number in the manifest; owned */
    size_t nnamed;
    struct hash_map files; /* the same numbers, by names in lower case; in part only */
};

/* Zeroed is empty. */
struct input {
    int spooled; /* file that keeps standard input, or 0 */
    struct input_file *files;
    struct input_part *parts;
    struct input_export *exports;
    size_t nfiles, nparts, nexports;
    size_t cap_files, cap_parts, cap_exports;
    struct hash_map folders; /* that files were named in: numbers in exports; input_named.c */
};

/*
 * Find out what to read for the given paths ("-" is standard input). Windows of exports that lie
 * outside [since, until) are left out; 0 means no such bound. What is wrong with single files
 * becomes a part; so do folders that cannot be read and links, which are not followed inside a
 * folder. Errors: ERR_LOCAL for a path that is missing, a folder that holds no log.
 */
int input_open(struct input *in, const char *const *paths, size_t npaths, int64_t since,
               int64_t until, struct err *e);
void input_close(struct input *in);

/* Open a file of an export, from the handle of its folder and never through a link. A descriptor,
 * or -1: as sys_dir_file. */
int input_open_inside(const struct input *in, size_t file, struct err *e);

#endif
