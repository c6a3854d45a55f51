#include "store/folder.h"

#include "base/buf.h"
#include "base/hash_map.h"
#include "base/mem.h"
#include "export/export_path.h"

#include <stdlib.h>
#include <string.h>

/* Folders inside an export: scope=/date=/file is the deepest. */
#define FOLDER_DEPTH_MAX 4
/* The same below .partial/out. */
#define FOLDER_DEPTH_OUT 2
/* The most bytes of SHA256SUMS that are read for the digest of a view. */
#define FOLDER_SUMS_MAX (64U << 20)

/* A walk through DIR, for one of the two checks. */
struct search {
    struct sys_dir *dir;
    int (*check)(struct search *s, enum sys_kind kind, int *descend); /* s->below is the entry */
    struct buf below; /* the current entry's path below dir */
    int depth;
    int *ownerless;       /* of folder_check_ours */
    struct hash_map ours; /* of folder_check_names */
    int *state;           /* of folder_check_partial */
    struct err *e;
};

char *folder_join(const char *dir, const char *name)
{
    struct buf b = {0};

    buf_printf(&b, "%s/%s", dir, name);
    return b.data;
}

/* ---- the walk ---- */

/* Look at one entry; nonzero ends the walk with an error. */
static int visit(const char *name, enum sys_kind kind, void *arg)
{
    struct search *s = arg;
    size_t before = s->below.len;
    int descend = 0, ret;

    buf_printf(&s->below, "%s%s", before > 0 ? "/" : "", name);
    ret = s->check(s, kind, &descend);
    if (ret == 0 && descend) {
        s->depth++;
        ret = sys_dir_list(s->dir, s->below.data, visit, s, s->e);
        /* Another run has just removed it. */
        if (ret != 0 && sys_dir_kind(s->dir, s->below.data) == SYS_MISSING)
            ret = 0;
        s->depth--;
    }
    s->below.len = before;
    (void)buf_text(&s->below);
    return ret == 0 ? 0 : -1;
}

/* Something below DIR is not ours. */
static int not_ours(struct search *s)
{
    (void)err_set(s->e, ERR_FOREIGN, "%s: holds %s, which azdal did not write",
                  sys_dir_path(s->dir), s->below.data);
    return err_hint(s->e, "acquire into a new or empty folder");
}

/* ---- who can change it ---- */

/* It is not alone ours, for a reason. The walk goes on where the file system has no owners. */
static int not_private(struct search *s, const char *what)
{
    const char *name = s->below.len > 0 ? s->below.data : "";

    if (*s->ownerless || !sys_dir_has_owners(s->dir)) {
        *s->ownerless = 1;
        return 0;
    }
    return err_set(s->e, ERR_FOREIGN, "%s%s%s: %s", sys_dir_path(s->dir), *name == '\0' ? "" : "/",
                   name, what);
}

/* Owner and modes of what is at s->below. */
static int check_facts(struct search *s, const struct sys_facts *f, int may_be_shared)
{
    if (f->unseen != 0)
        return err_set_os(s->e, ERR_LOCAL, f->unseen, "look at %s/%s", sys_dir_path(s->dir),
                          buf_text(&s->below));
    if (!f->ours && not_private(s, "belongs to another user") != 0)
        return err_hint(s->e, "acquire as that user, or into a folder that does not exist yet");
    if (f->shared && !may_be_shared && not_private(s, "others can write to it") != 0)
        return err_hint(s->e,
                        "if all of it is yours: chmod -R go-w '%s'; if not, acquire into a folder "
                        "that does not exist yet",
                        sys_dir_path(s->dir));
    return 0;
}

/* An entry has to be a plain file with one name, or a folder, and ours alone. */
static int check_ours(struct search *s, enum sys_kind kind, int *descend)
{
    const char *what = NULL;
    struct sys_facts f;

    (void)kind;
    if (!sys_dir_name_is_safe(s->below.data))
        return not_ours(s);
    sys_dir_look(s->dir, s->below.data, &f);
    if (f.kind == SYS_MISSING) /* another run has just removed it */
        return 0;
    if (f.kind == SYS_LINK)
        what = "is a link, which azdal never creates";
    else if (f.kind == SYS_OTHER)
        what = "is neither a file nor a folder";
    else if (f.kind == SYS_FILE && f.links > 1)
        what = "has another name elsewhere (a hard link)";
    if (what != NULL) {
        (void)err_set(s->e, ERR_FOREIGN, "%s/%s: %s", sys_dir_path(s->dir), s->below.data, what);
        return err_hint(s->e, "remove it, or acquire into a folder that does not exist yet");
    }
    *descend = f.kind == SYS_FOLDER;
    if (*descend && s->depth >= FOLDER_DEPTH_MAX + FOLDER_DEPTH_OUT)
        return not_ours(s);
    /* The module writes its views with the user's own umask. */
    return check_facts(s, &f, manifest_is_view(s->below.data));
}

int folder_check_ours(struct sys_dir *dir, int *ownerless, struct err *e)
{
    struct search s = {.dir = dir, .check = check_ours, .ownerless = ownerless, .e = e};
    struct sys_facts f;
    int ret;

    *ownerless = 0;
    sys_dir_look(dir, "", &f);
    ret = check_facts(&s, &f, 0);
    if (ret == 0)
        ret = sys_dir_list(dir, "", visit, &s, e);
    buf_free(&s.below);
    return ret == 0 ? 0 : -1;
}

/* ---- whose names these are ---- */

/* An entry has to be a file of the export. A folder in place of one would only be found when the
 * file is renamed to it, at the end. */
static int check_name(struct search *s, enum sys_kind kind, int *descend)
{
    if (s->depth == 0 && strcmp(s->below.data, ".partial") == 0)
        return kind == SYS_FOLDER ? 0 : not_ours(s);
    *descend = kind == SYS_FOLDER && s->depth < FOLDER_DEPTH_MAX &&
               !export_path_is_file(s->below.data) && !manifest_is_view(s->below.data);
    if (*descend ||
        (kind == SYS_FILE && hash_map_get(&s->ours, buf_slice(&s->below)) != HASH_MAP_NONE))
        return 0;
    return not_ours(s);
}

/* The files that may be there. */
static void add_names(struct hash_map *names, const struct manifest *m)
{
    struct manifest_names named = {0};
    size_t i;

    if (m == NULL)
        return;
    hash_map_put(names, slice_of(MANIFEST_NAME), 1);
    hash_map_put(names, slice_of(MANIFEST_SUMS_NAME), 1);
    for (i = 0; manifest_views[i] != NULL; i++)
        hash_map_put(names, slice_of(manifest_views[i]), 1);
    while (manifest_next_name(m, &named))
        hash_map_put(names, slice_of(named.path), 1);
}

int folder_check_names(struct sys_dir *dir, const struct manifest *m, struct err *e)
{
    struct search s = {.dir = dir, .check = check_name, .e = e};
    int ret;

    add_names(&s.ours, m);
    ret = sys_dir_list(dir, "", visit, &s, e);
    buf_free(&s.below);
    hash_map_free(&s.ours);
    return ret == 0 ? 0 : -1;
}

int folder_sums_name(const struct sys_dir *dir, const char *name, char hex[HASH_HEX_MAX])
{
    struct buf text = {0}, line = {0};
    struct err ignored;
    const char *at = NULL;

    if (sys_dir_kind(dir, name) == SYS_FILE && hash_below(dir, name, hex, &ignored) == 0 &&
        sys_dir_read(dir, MANIFEST_SUMS_NAME, FOLDER_SUMS_MAX, &text, &ignored) == 0) {
        buf_printf(&line, "%s  %s\n", hex, name);
        at = strstr(buf_text(&text), line.data);
    }
    buf_free(&line);
    buf_free(&text);
    return at != NULL;
}

/* Whether that is the name of a segment, or of a file that was to have none (a crash in between).
 */
static int is_segment(const char *name)
{
    size_t n = strlen(name);

    return (n > 8 && strcmp(name + n - 8, ".segment") == 0 && export_path_is_safe(name) &&
            (strncmp(name, "tenant.", 7) == 0 || strncmp(name, "managementGroups-", 17) == 0 ||
             strncmp(name, "subscriptions-", 14) == 0)) ||
           (n == 23 && strncmp(name, ".azdal-", 7) == 0);
}

/* An entry below .partial has to be one that a run makes. */
static int check_partial(struct search *s, enum sys_kind kind, int *descend)
{
    const char *name = s->below.data + sizeof(".partial");
    int ours;

    if (strncmp(name, "out/", 4) == 0) {
        *descend =
            kind == SYS_FOLDER && s->depth < FOLDER_DEPTH_MAX && !export_path_is_file(name + 4);
        ours = *descend || (kind == SYS_FILE && export_path_is_file(name + 4));
    } else if (strcmp(name, "out") == 0) {
        ours = *descend = kind == SYS_FOLDER;
    } else {
        ours = kind == SYS_FILE &&
               (strcmp(name, "lock") == 0 || strcmp(name, "journal") == 0 || is_segment(name));
    }
    *s->state |= strcmp(name, "lock") != 0 && strcmp(name, "journal") != 0;
    return ours ? 0 : not_ours(s);
}

int folder_check_partial(struct sys_dir *dir, int *state, struct err *e)
{
    struct search s = {.dir = dir, .check = check_partial, .state = state, .e = e};
    int ret;

    *state = 0;
    buf_puts(&s.below, ".partial");
    ret = sys_dir_list(dir, ".partial", visit, &s, e);
    if (ret != 0 && sys_dir_kind(dir, ".partial") == SYS_MISSING)
        ret = 0;
    buf_free(&s.below);
    return ret == 0 ? 0 : -1;
}

/* ---- changing it ---- */

/* A folder that is being emptied. */
struct deletion {
    const struct sys_dir *dir;
    const char *name;
    struct err *e;
};

/* Delete one entry. A link among them is refused. */
static int delete_entry(const char *entry, enum sys_kind kind, void *arg)
{
    struct deletion *d = arg;
    char *name = folder_join(d->name, entry);
    int ret;

    if (kind == SYS_LINK)
        ret = err_set(d->e, ERR_FOREIGN, "%s/%s: is a link, which azdal never creates",
                      sys_dir_path(d->dir), name);
    else
        ret = kind == SYS_FOLDER ? folder_delete(d->dir, name, d->e)
                                 : sys_dir_remove(d->dir, name, d->e);
    free(name);
    return ret;
}

int folder_delete(const struct sys_dir *dir, const char *name, struct err *e)
{
    struct deletion d = {dir, name, e};

    if (sys_dir_kind(dir, name) == SYS_MISSING)
        return 0;
    return sys_dir_list(dir, name, delete_entry, &d, e) != 0 ? -1
                                                             : sys_dir_remove_folder(dir, name, e);
}

/* Delete an entry of .partial that is not the lock or the journal. */
static int delete_state(const char *entry, enum sys_kind kind, void *arg)
{
    if (strcmp(entry, "lock") == 0 || strcmp(entry, "journal") == 0)
        return 0;
    return delete_entry(entry, kind, arg);
}

int folder_empty_partial(const struct sys_dir *dir, struct err *e)
{
    struct deletion d = {dir, ".partial", e};

    if (sys_dir_list(dir, ".partial", delete_state, &d, e) != 0 ||
        sys_dir_sync(dir, ".partial", e) != 0)
        return -1;
    return sys_dir_remove(dir, ".partial/journal", e);
}

int folder_make_above(const struct sys_dir *dir, const char *name, struct err *e)
{
    char *above = mem_strdup(name), *slash = strrchr(above, '/');
    int ret = 0;

    /* Most files have a folder that is there already. */
    if (slash != NULL) {
        *slash = '\0';
        if (sys_dir_kind(dir, above) == SYS_FOLDER) {
            free(above);
            return 0;
        }
        *slash = '/';
    }
    slash = above;
    while (ret == 0 && (slash = strchr(slash, '/')) != NULL) {
        *slash = '\0';
        ret = sys_dir_make(dir, above, e);
        *slash++ = '/';
    }
    free(above);
    return ret;
}
