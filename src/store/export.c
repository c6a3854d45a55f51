#include "store/export.h"

#include "base/fault.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "export/verify.h"
#include "export/verify_ledger.h"
#include "export/verify_report.h"
#include "store/assemble.h"
#include "store/folder.h"
#include "store/member.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The state of one export_publish. */
struct exporter {
    struct assemble_room room;
    struct manifest *m;
    const struct export_params *params;
    struct journal_publish *files; /* what is to be published, data first */
    size_t nfiles, cap;
};

/* Note a file that is ready under .partial/out; its digest is for the caller to set. */
static struct journal_publish *add_file(struct exporter *x, const char *path)
{
    struct journal_publish *f;

    x->files = mem_grow(x->files, x->nfiles, &x->cap, sizeof(*x->files));
    f = &x->files[x->nfiles++];
    memset(f, 0, sizeof(*f));
    f->path = mem_strdup(path);
    return f;
}

/* Note a file whose digest is what reading it gives. */
static int add_hashed(struct exporter *x, const char *path, struct err *e)
{
    char *name = folder_join(x->room.out, path);
    int ret = hash_below(x->room.j->root, name, add_file(x, path)->sha256, e);

    free(name);
    return ret;
}

/* Read back every file of every scope, and note it for publishing. */
static int read_all_back(struct exporter *x, struct err *e)
{
    size_t i, k;

    if (verify_written(x->room.j->root, x->room.out, x->m, x->params->threads, e) != 0)
        return -1;
    for (i = 0; i < x->m->nscopes; i++) {
        for (k = 0; k < x->m->scopes[i].nfiles; k++) {
            const struct manifest_file *f = &x->m->scopes[i].files[k];

            memcpy(add_file(x, f->path)->sha256, f->sha256, HASH_HEX_MAX);
        }
    }
    return 0;
}

/* Write one whole small file under .partial/out and note it for publishing. What is read back is
 * what was written: the manifest's digest is what everything else is shown by. */
static int put_small(struct exporter *x, const char *path, struct slice text, struct err *e)
{
    char hex[HASH_HEX_MAX], *name = folder_join(x->room.out, path);
    int fd = sys_dir_file(x->room.j->root, name, SYS_REPLACE, e), ret = -1;
    struct err ignored;

    if (fd >= 0 && (sys_write(fd, text.data, text.len, name, e) != 0 || sys_sync(fd, name, e) != 0))
        (void)sys_close(fd, name, &ignored);
    else if (fd >= 0)
        ret = sys_close(fd, name, e);
    if (ret == 0)
        ret = add_hashed(x, path, e);
    hash_bytes(text.data, text.len, hex);
    if (ret == 0 && strcmp(hex, x->files[x->nfiles - 1].sha256) != 0)
        ret = err_set(e, ERR_FOREIGN, "%s/%s: changed while it was written", x->room.j->dir, name);
    free(name);
    return ret;
}

/* Deflate a whole text as one fragment behind the open file. */
static int member_deflate(struct member *f, struct slice plain, int level, struct err *e)
{
    struct buf packed = {0};
    z_stream z = {0};
    int ret = -1;

    if (plain.len > UINT32_MAX)
        return err_set(e, ERR_INTERNAL, "%s: larger than 4 GiB", f->path);
    if (deflateInit2(&z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        mem_fail();
    buf_reserve(&packed, deflateBound(&z, (uLong)plain.len) + 64);
    z.next_in = (Bytef *)(uintptr_t)plain.data;
    z.avail_in = (uInt)plain.len;
    z.next_out = (Bytef *)packed.data;
    z.avail_out = (uInt)packed.cap;
    if (deflate(&z, Z_FULL_FLUSH) != Z_OK || z.avail_out == 0) {
        (void)err_set(e, ERR_INTERNAL, "deflate failed");
        goto out;
    }
    packed.len = packed.cap - z.avail_out;
    member_note(f, (uint32_t)crc32_z(0, (const Bytef *)plain.data, plain.len), plain.len);
    ret = member_write(f, packed.data, packed.len, e);
out:
    (void)deflateEnd(&z);
    buf_free(&packed);
    return ret;
}

/* What the manifest says of the role assignments in a finished file, whose digest is noted. */
static void describe_assignments(struct exporter *x, const struct member *f)
{
    struct manifest_file *data = mem_zalloc(1, sizeof(*data));
    const struct buf *text = x->params->assignments;
    size_t i;

    data->bytes = f->size;
    memcpy(data->sha256, x->files[x->nfiles - 1].sha256, HASH_HEX_MAX);
    data->content_bytes = text->len;
    hash_bytes(text->data, text->len, data->content_sha256);
    for (i = 0; i < text->len; i++)
        data->content_lines += text->data[i] == '\n';
    free(x->m->assignments_data);
    x->m->assignments_data = data;
}

/* The role assignments as one gzip member. */
static int put_assignments(struct exporter *x, struct err *e)
{
    struct member f;
    int ret = member_open(&f, x->room.j->root, x->room.out, MANIFEST_ASSIGNMENTS_NAME, e);

    if (ret == 0 && x->params->assignments->len > 0)
        ret = member_deflate(&f, buf_slice(x->params->assignments), x->params->level, e);
    if (ret == 0)
        ret = member_finish(&f, 1, e);
    if (ret == 0)
        ret = add_hashed(x, MANIFEST_ASSIGNMENTS_NAME, e);
    if (ret == 0)
        describe_assignments(x, &f);
    member_free(&f);
    return ret;
}

/* End the manifest. What the clocks said while they were wrong is not said again: nothing was asked
 * for after the end. */
static void finish_times(struct manifest *m)
{
    int64_t now = timestamp_floor_second(sys_now()), latest;
    size_t i, k;

    m->finished = now;
    if (m->started > now)
        m->started = now;
    latest = manifest_latest(m);
    if (m->assignments_read_at > latest)
        m->assignments_read_at = latest;
    if (m->assignments_read_at != 0 && m->started > m->assignments_read_at - manifest_skew(m))
        m->started = timestamp_floor_second(m->assignments_read_at - manifest_skew(m));
    for (i = 0; i < m->nscopes; i++) {
        struct manifest_scope *s = &m->scopes[i];
        int wrong = 0;

        for (k = 0; k < s->nwindows; k++) {
            if (s->windows[k].asked_at > latest) {
                s->windows[k].asked_at = latest;
                wrong = 1;
            }
            if (s->windows[k].resumed_from > m->finished)
                s->windows[k].resumed_from = m->finished;
            if (s->windows[k].asked_at > s->windows[k].from &&
                s->windows[k].resumed_from > s->windows[k].asked_at)
                s->windows[k].resumed_from = s->windows[k].asked_at;
        }
        if (wrong && s->settled_until > latest - MANIFEST_SETTLE_TICKS)
            s->settled_until = latest - MANIFEST_SETTLE_TICKS;
    }
}

/* What is published is never refused by verify: a manifest that cannot be read again, or that
 * contradicts itself, comes from a state that does. */
static int check_printed(const struct buf *text, struct err *e)
{
    struct verify_report *report = verify_report_new();
    struct manifest m;
    int ret = manifest_parse(&m, buf_slice(text), e);

    if (ret == 0) {
        verify_ledger(&m, report);
        ret = verify_report_judge(report, JOURNAL_FOLDER, e);
        manifest_free(&m);
    }
    verify_report_free(report);
    return ret;
}

/* The manifest, and SHA256SUMS in the form of sha256sum; the manifest is published last. */
static int put_proof(struct exporter *x, char manifest_sha256[HASH_HEX_MAX], struct err *e)
{
    struct buf text = {0};
    struct journal_publish manifest;
    int ret = -1;
    size_t i;

    finish_times(x->m);
    manifest_print(x->m, &text);
    if (check_printed(&text, e) != 0 || put_small(x, MANIFEST_NAME, buf_slice(&text), e) != 0)
        goto out;
    memcpy(manifest_sha256, x->files[x->nfiles - 1].sha256, HASH_HEX_MAX);
    buf_clear(&text);
    for (i = 0; i < x->nfiles; i++)
        buf_printf(&text, "%s  %s\n", x->files[i].sha256, x->files[i].path);
    if (put_small(x, MANIFEST_SUMS_NAME, buf_slice(&text), e) != 0)
        goto out;
    manifest = x->files[x->nfiles - 2];
    x->files[x->nfiles - 2] = x->files[x->nfiles - 1];
    x->files[x->nfiles - 1] = manifest;
    ret = 0;
out:
    buf_free(&text);
    return ret;
}

/* Assemble every scope into x->m. */
static int assemble_all(struct exporter *x, struct err *e)
{
    struct journal *j = x->room.j;
    size_t i;

    x->m->scopes = mem_zalloc(j->nscopes + 1, sizeof(*x->m->scopes));
    for (i = 0; i < j->nscopes; i++) {
        if (j->scopes[i].absent)
            continue;
        x->m->nscopes++;
        if (assemble_scope(&x->room, &j->scopes[i], &x->m->scopes[x->m->nscopes - 1], e) != 0)
            return -1;
        if (!manifest_is_whole(x->m, j->scopes[i].scope, j->scopes[i].status))
            x->m->complete = 0;
    }
    return 0;
}

int export_publish(struct journal *j, struct manifest *m, const struct export_params *p,
                   char manifest_sha256[HASH_HEX_MAX], struct err *e)
{
    struct exporter x = {
        .room = {.j = j, .level = p->level, .target_plain = p->target_plain, .old_fd = -1},
        .m = m,
        .params = p};
    int ret = -1;
    size_t i;

    x.room.out = JOURNAL_OUT;
    if (folder_delete(j->root, JOURNAL_OUT, e) != 0 || sys_dir_make(j->root, JOURNAL_OUT, e) != 0)
        goto out;
    if (assemble_all(&x, e) != 0)
        goto out;
    FAULT("stitched");
    if (read_all_back(&x, e) != 0)
        goto out;
    FAULT("read-back");
    if ((p->assignments != NULL && put_assignments(&x, e) != 0) ||
        put_proof(&x, manifest_sha256, e) != 0 || sys_dir_sync(j->root, JOURNAL_OUT, e) != 0)
        goto out;
    FAULT("proof-written");
    /* Not every system replaces a file that is open. */
    assemble_close(&x.room);
    ret = journal_publish(j, x.files, x.nfiles, e);
out:
    assemble_close(&x.room);
    for (i = 0; i < x.nfiles; i++)
        free(x.files[i].path);
    free(x.files);
    return ret;
}
