#include "store/export.h"

#include "base/fault.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "store/folder.h"
#include "store/member.h"
#include "store/readback.h"
#include "store/stitch.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The state of one export_publish. */
struct exporter {
    struct stitch_room room;
    struct manifest *m;
    const struct export_params *params;
    struct journal_publish *files; /* what is to be published, data first */
    size_t nfiles;
};

/* Note a file that is ready under .partial/out. */
static int add_file(struct exporter *x, const char *path, struct err *e)
{
    struct journal_publish *list = realloc(x->files, (x->nfiles + 1) * sizeof(*list));

    if (list == NULL)
        return err_memory(e, path);
    x->files = list;
    memset(&list[x->nfiles], 0, sizeof(*list));
    list[x->nfiles].path = slice_dup(slice_of(path));
    if (list[x->nfiles].path == NULL)
        return err_memory(e, path);
    x->nfiles++;
    return 0;
}

/* Read back every file of every scope, and note it for publishing. */
static int read_all_back(struct exporter *x, struct err *e)
{
    size_t i, k;

    if (readback_files(x->room.out, x->m, x->params->threads, e) != 0)
        return -1;
    for (i = 0; i < x->m->nscopes; i++) {
        for (k = 0; k < x->m->scopes[i].nfiles; k++) {
            const struct manifest_file *f = &x->m->scopes[i].files[k];

            if (add_file(x, f->path, e) != 0)
                return -1;
            memcpy(x->files[x->nfiles - 1].sha256, f->sha256, HASH_HEX_MAX);
        }
    }
    return 0;
}

/* Write one whole small file under .partial/out and note it for publishing. */
static int put_small(struct exporter *x, const char *name, struct slice text, struct err *e)
{
    char *full = folder_join(x->room.out, name, e);
    int fd = full == NULL ? -1 : sys_open(full, SYS_REPLACE, e), ret = -1;
    struct err ignored;

    if (fd < 0)
        goto out;
    if (sys_write(fd, text.data, text.len, full, e) != 0 || sys_sync(fd, full, e) != 0)
        (void)sys_close(fd, full, &ignored);
    else
        ret = sys_close(fd, full, e);
    if (ret == 0)
        ret = add_file(x, name, e);
    if (ret == 0)
        ret = hash_file(full, x->files[x->nfiles - 1].sha256, e);
out:
    free(full);
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
        return err_memory(e, f->path);
    if (buf_reserve(&packed, deflateBound(&z, (uLong)plain.len) + 64) != 0) {
        (void)err_memory(e, f->path);
        goto out;
    }
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

/* The role assignments as one gzip member. */
static int put_assignments(struct exporter *x, struct err *e)
{
    struct member f;
    int ret = member_open(&f, x->room.out, EXPORT_ASSIGNMENTS, e);

    if (ret == 0 && x->params->assignments->len > 0)
        ret = member_deflate(&f, buf_slice(x->params->assignments), x->params->level, e);
    if (ret == 0)
        ret = member_finish(&f, 1, e);
    if (ret == 0)
        ret = add_file(x, EXPORT_ASSIGNMENTS, e);
    if (ret == 0)
        ret = hash_file(f.full, x->files[x->nfiles - 1].sha256, e);
    member_free(&f);
    return ret;
}

/* The manifest, and SHA256SUMS in the form of sha256sum; the manifest is published last. */
static int put_proof(struct exporter *x, char manifest_sha256[HASH_HEX_MAX], struct err *e)
{
    struct buf text = {0};
    struct journal_publish manifest;
    int ret = -1;
    size_t i;

    x->m->finished = timestamp_floor_second(sys_now());
    if (manifest_print(x->m, &text, e) != 0 ||
        put_small(x, MANIFEST_NAME, buf_slice(&text), e) != 0)
        goto out;
    memcpy(manifest_sha256, x->files[x->nfiles - 1].sha256, HASH_HEX_MAX);
    buf_clear(&text);
    for (i = 0; i < x->nfiles; i++) {
        if (buf_printf(&text, "%s  %s\n", x->files[i].sha256, x->files[i].path) != 0) {
            (void)err_memory(e, MANIFEST_SUMS_NAME);
            goto out;
        }
    }
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

/* Stitch every scope into x->m. */
static int stitch_all(struct exporter *x, struct err *e)
{
    struct journal *j = x->room.j;
    size_t i;

    x->m->scopes = calloc(j->nscopes + 1, sizeof(*x->m->scopes));
    if (x->m->scopes == NULL)
        return err_memory(e, "manifest");
    for (i = 0; i < j->nscopes; i++) {
        if (j->scopes[i].absent)
            continue;
        x->m->nscopes++;
        if (stitch_scope(&x->room, &j->scopes[i], &x->m->scopes[x->m->nscopes - 1], e) != 0)
            return -1;
        if (strcmp(j->scopes[i].status, "complete") != 0)
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
    char *out = folder_join(j->folder, "out", e);
    int ret = -1;
    size_t i;

    x.room.out = out;
    if (out == NULL || folder_delete(out, e) != 0 || sys_mkdir(out, e) != 0)
        goto out;
    if (stitch_all(&x, e) != 0)
        goto out;
    FAULT("stitched");
    if (read_all_back(&x, e) != 0)
        goto out;
    FAULT("read-back");
    if ((p->assignments != NULL && put_assignments(&x, e) != 0) ||
        put_proof(&x, manifest_sha256, e) != 0 || sys_sync_folder(out, e) != 0)
        goto out;
    FAULT("proof-written");
    /* Not every system replaces a file that is open. */
    stitch_close(&x.room);
    ret = journal_publish(j, x.files, x.nfiles, e);
out:
    stitch_close(&x.room);
    for (i = 0; i < x.nfiles; i++)
        free(x.files[i].path);
    free(x.files);
    free(out);
    return ret;
}
