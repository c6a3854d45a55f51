/* What one file stands for: itself, the members of an archive, or no log at all. */
#include "base/mem.h"
#include "base/sys.h"
#include "export/manifest.h"
#include "read/event_splitter.h"
#include "read/file_kind.h"
#include "read/input_list.h"
#include "read/utf16.h"

#include <stdlib.h>
#include <string.h>

/* The first bytes of a plain file. Returns their number, or -1. */
static long first_bytes(const char *path, int inside, char *dst, size_t cap)
{
    struct err ignored;
    int fd = inside ? sys_open_inside(path, &ignored) : sys_open(path, SYS_READ, &ignored);
    long n = fd < 0 ? -1 : sys_read(fd, dst, cap, path, &ignored);

    if (fd >= 0)
        (void)sys_close(fd, path, &ignored);
    return n;
}

int input_is_passed_over(const char *name)
{
    static const char *const names[] = {"roleAssignments.ndjson.gz", MANIFEST_NAME, "SHA256SUMS",
                                        "desktop.ini", "Thumbs.db"};
    const char *slash = strrchr(name, '/');
    size_t i;

    if (slash != NULL)
        name = slash + 1;
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equals_nocase(slice_of(name), names[i]))
            return 1;
    }
    return name[0] == '.';
}

int input_is_log(const char *path, const char **what)
{
    char bytes[FILE_KIND_BYTES];
    struct utf16 ignored = {0, 0};
    struct slice start;
    size_t skip;
    long n = first_bytes(path, 1, bytes, sizeof(bytes));

    *what = NULL;
    if (n < 0)
        return 1; /* opening it again tells why it cannot be read */
    start = (struct slice){bytes, (size_t)n};
    if (n >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0)
        return 1;
    if (zip_begins((const unsigned char *)bytes, (size_t)n))
        return 1;
    *what = file_kind_of_bytes(start);
    if (*what != NULL)
        return 0;
    return utf16_begins(&ignored, (const unsigned char *)bytes, (size_t)n, &skip) ||
           splitter_may_read(start);
}

/* Why a member of an archive cannot be read, or NULL. */
static const char *member_refused(const struct zip_member *m)
{
    if (m->encrypted)
        return "is encrypted: unpack the archive with its password first";
    if (m->method != 0 && m->method != 8)
        return "uses a compression method that is not supported (neither stored nor deflated): "
               "unpack the "
               "archive first";
    return NULL;
}

/* Add one member of an archive. Its name becomes the input's. */
static void add_member(struct input *in, const char *archive, struct zip_member *m, int alone)
{
    const char *why = member_refused(m);
    struct err ignored;
    struct input_file *f;
    long file;

    file = input_add_file(in, input_join(archive, m->name), !alone, &ignored);
    if (file < 0)
        return;
    f = &in->files[file];
    f->archive = mem_strdup(archive);
    f->member = mem_zalloc(1, sizeof(*f->member));
    *f->member = *m;
    f->member->name = NULL;
    if (why != NULL)
        (void)input_add_text(in, INPUT_DAMAGE, (size_t)file, why, &ignored);
    else
        (void)input_add_part(in, INPUT_WHOLE, (size_t)file, NULL, &ignored);
}

/* Add what a zip archive holds. */
static int add_archive(struct input *in, char *path, int found, struct err *e)
{
    struct zip_member *members = NULL;
    struct err why = {0};
    size_t n = 0, i, wanted = 0;
    const char *text = NULL;
    long file;

    if (zip_list(path, found, &members, &n, &why) != 0)
        text = why.msg;
    for (i = 0; i < n; i++) {
        wanted += !input_is_passed_over(members[i].name);
        if (strcmp(members[i].name, "[Content_Types].xml") == 0)
            text = "an Excel workbook or another Office document: save the sheet as CSV UTF-8";
    }
    if (text == NULL && wanted == 0)
        text = "a zip archive that holds no log";
    for (i = 0; text == NULL && i < n; i++) {
        if (!input_is_passed_over(members[i].name) && strncmp(members[i].name, "__MACOSX/", 9) != 0)
            add_member(in, path, &members[i], wanted == 1);
    }
    zip_free(members, n);
    if (text == NULL) {
        free(path);
        return 0;
    }
    file = input_add_file(in, path, found, e);
    return file < 0 ? -1 : input_add_text(in, INPUT_DAMAGE, (size_t)file, text, e);
}

int input_add_log(struct input *in, char *path, int found, struct err *e)
{
    char start[4];
    long file, n = 0;

    if (path != NULL && strcmp(path, "-") != 0 && sys_kind(path) == SYS_FILE)
        n = first_bytes(path, found, start, sizeof(start));
    if (n > 0 && zip_begins((const unsigned char *)start, (size_t)n))
        return add_archive(in, path, found, e);
    file = input_add_file(in, path, found, e);
    return file < 0 || input_add_part(in, INPUT_WHOLE, (size_t)file, NULL, e) == NULL ? -1 : 0;
}
