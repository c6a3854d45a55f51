/*
 * input_list: building the lists of struct input; for input*.c alone.
 */
#ifndef AZDAL_READ_INPUT_LIST_H
#define AZDAL_READ_INPUT_LIST_H

#include "read/input.h"

/* Add a file; path becomes the input's. Returns its index. */
size_t input_add_file(struct input *in, char *path, int found);
/* Add a part of the file: what to read, or something to tell. text (may be NULL) is copied. */
struct input_part *input_add_part(struct input *in, enum input_kind kind, size_t file,
                                  const char *text);
/* Whether a folder was an export: SHA256SUMS names the manifest that is not there, or something
 * else stands in its place. */
int input_lacks_manifest(const char *folder);
/* "FOLDER/NAME"; the caller frees it. */
char *input_join(const char *folder, const char *name);

/* Names of files that are told where a folder or an archive holds some that are not read. */
#define INPUT_NAMES_MAX 5

/* "N files not read, no log by their first bytes: NAMES, ..."; names is the first of them, and is
 * replaced by the text. */
const char *input_unread_text(size_t n, struct buf *names);

/* Add a log: a file to be read, or the members of a zip archive. path ("-" is standard input)
 * becomes the input's, also on failure. */
int input_add_log(struct input *in, char *path, int found, struct err *e);
/* Whether a file's name says that it is no log: those of an export besides its data, and of
 * systems.
 */
int input_is_passed_over(const char *name);
/* Whether a file's first bytes may be those of a log. *what (may stay NULL) is what else it is. */
int input_is_log(const char *path, const char **what);

/* Add a file that lies in an export and was named by its own path: 1; 0 where it lies in none.
 * `input_named_end` adds what was named, behind the last path. */
int input_named_add(struct input *in, const char *path);
void input_named_end(struct input *in, int64_t since, int64_t until);

/* Add an export whose manifest, of the digest `sha256`, was read; what *export owns becomes the
 * input's. */
void input_add_export(struct input *in, const struct input_export *export, const char *sha256,
                      int64_t since, int64_t until);
/* The two halves of that: the export with what is wrong with it as a whole, whose number is
 * returned; its files, or those of them that were named. */
size_t input_add_frame(struct input *in, const struct input_export *export, const char *sha256);
void input_add_contents(struct input *in, size_t x, int64_t since, int64_t until);

#endif
