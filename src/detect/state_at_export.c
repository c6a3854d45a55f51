#include "detect/state_at_export.h"

#include "base/sys.h"
#include "base/timestamp.h"
#include "detect/assignments.h"

#include <stdio.h>
#include <string.h>

/* What it means that the export's list lacks something. */
static const char *absent(struct finding *f, const struct assignments *st)
{
    /* Of what may not have been done at all, the list's silence says nothing. */
    enum assignments_absent what = f->outcome == OUTCOME_SUCCEEDED
                                       ? assignments_absent(st, f->text[FINDING_SCOPE], f->end_time)
                                       : ASSIGNMENTS_UNKNOWN;

    if (what == ASSIGNMENTS_EMPTY)
        finding_note(f, "The export's list of role assignments at this scope is empty (EmptyList), "
                        "which proves nothing: an account without the right gets the same.");
    return what == ASSIGNMENTS_REMOVED ? "Removed" : "Unknown";
}

/* Whether two ids are the same, as far as both are known. */
static int agree(const char *a, const char *b)
{
    return a == NULL || b == NULL || slice_equals_nocase(slice_of(a), b);
}

/* What the list says of an assignment. */
static const char *assignment_state(struct finding *f, const struct assignments *st)
{
    const char *name = f->text[FINDING_ASSIGNMENT_NAME];
    const struct assignment_row *row;

    if (name == NULL)
        return "Unknown";
    row = assignments_find(st, f->text[FINDING_SCOPE], name);
    if (row == NULL)
        return absent(f, st);
    /* What the log does not say, the list does; its removal has made room for another one, though.
     */
    if (f->ended_time == 0) {
        int role = finding_borrow(f, row->role, FINDING_ROLE_ID);
        int principal = finding_borrow(f, row->principal, FINDING_PRINCIPAL_ID);

        (void)finding_borrow(f, row->principal_type, FINDING_PRINCIPAL_TYPE);
        if (role || principal)
            finding_note(f, "Role and principal are known from the export's role assignments.");
    }
    return agree(f->text[FINDING_ROLE_ID], row->role) &&
                   agree(f->text[FINDING_PRINCIPAL_ID], row->principal)
               ? "Active"
               : "Changed";
}

/* What the export's own list says of an assignment or an elevation. */
static void set_state(struct finding *f, const struct assignments *st)
{
    const char *role = f->text[FINDING_ROLE_ID], *principal = f->text[FINDING_PRINCIPAL_ID];
    const char *scope = f->text[FINDING_SCOPE];
    char text[256], time[TIMESTAMP_TEXT_MAX];
    int64_t read_at;
    int kept = 0;

    if ((f->operation->kind != OPERATION_ASSIGN && f->operation->kind != OPERATION_ELEVATE) ||
        (f->outcome != OUTCOME_SUCCEEDED && f->outcome != OUTCOME_UNKNOWN) || st->manifest == NULL)
        return;
    f->state = "Unknown";
    read_at = scope == NULL ? 0 : assignments_read_at(st, scope, &kept);
    if (f->time > read_at)
        return;
    if (kept) {
        (void)snprintf(
            text, sizeof(text),
            "The export's list of role assignments at this scope is from %s: it could not "
            "be read again.",
            timestamp_format(read_at, time));
        finding_note(f, text);
    }
    if (f->operation->kind == OPERATION_ASSIGN)
        f->state = assignment_state(f, st);
    else if (principal != NULL && assignments_holds(st, scope, role, principal))
        f->state = "Active";
    else if (principal != NULL)
        f->state = absent(f, st);
}

void state_at_export_set(struct finding_set *s,
                         void (*warn)(const char *path, const char *why, void *), void *arg)
{
    size_t x, i;

    for (x = 0; x < s->input->nexports; x++) {
        const struct input_export *export = &s->input->exports[x];
        struct buf damage = {0}, path = {0};
        struct assignments st = {0};

        assignments_load(&st, export, &damage);
        if (damage.len > 0 && warn != NULL) {
            buf_printf(&path, "%s/%s", sys_dir_path(export->dir),
                       export->manifest.assignments_file);
            warn(path.data, buf_text(&damage), arg);
        }
        for (i = 0; st.manifest != NULL && i < s->n; i++) {
            struct finding *f = &s->all[i];

            if (s->input->files[f->records[0].file].export_index == (int)x)
                set_state(f, &st);
        }
        assignments_free(&st);
        buf_free(&damage);
        buf_free(&path);
    }
}
