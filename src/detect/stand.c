#include "detect/stand.h"

#include "detect/state.h"

#include <string.h>

/* What the export's own list says of an assignment or an elevation. */
static int set_state(struct finding *f, const struct state *st)
{
    const char *role = f->text[FINDING_ROLE_ID], *principal = f->text[FINDING_PRINCIPAL_ID];
    const char *scope = f->text[FINDING_SCOPE], *name = f->text[FINDING_ASSIGNMENT_NAME];
    const struct state_row *row;

    if ((f->operation->kind != OPERATION_ASSIGN && f->operation->kind != OPERATION_ELEVATE) ||
        f->outcome != OUTCOME_SUCCEEDED || st->manifest == NULL)
        return 0;
    f->state = "Unknown";
    if (scope == NULL || f->time > st->manifest->assignments_read_at)
        return 0;
    if (f->operation->kind == OPERATION_ELEVATE) {
        if (principal == NULL)
            return 0;
        if (state_holds(st, scope, role, principal))
            f->state = "Active";
        else if (state_covers(st, scope, f->end_time))
            f->state = "Removed";
        return 0;
    }
    row = name == NULL ? NULL : state_find(st, scope, name);
    if (row == NULL) {
        if (name != NULL && state_covers(st, scope, f->end_time))
            f->state = "Removed";
        return 0;
    }
    /* What the log does not say, the list does; its removal has made room for another one, though.
     */
    if (f->ended_time == 0) {
        if ((role == NULL || principal == NULL) &&
            finding_note(f, "Role and principal are known from the export's role assignments.") !=
                0)
            return -1;
        if (finding_borrow(f, row->role, FINDING_ROLE_ID) < 0 ||
            finding_borrow(f, row->principal, FINDING_PRINCIPAL_ID) < 0 ||
            finding_borrow(f, row->principal_type, FINDING_PRINCIPAL_TYPE) < 0)
            return -1;
        role = f->text[FINDING_ROLE_ID];
        principal = f->text[FINDING_PRINCIPAL_ID];
    }
    f->state =
        (role == NULL || row->role == NULL || slice_equals_nocase(slice_of(role), row->role)) &&
                (principal == NULL || row->principal == NULL ||
                 slice_equals_nocase(slice_of(principal), row->principal))
            ? "Active"
            : "Changed";
    return 0;
}

int stand_set(struct finding_set *s, void (*warn)(const char *path, const char *why, void *),
              void *arg, struct err *e)
{
    size_t x, i;
    int ret = 0;

    for (x = 0; ret == 0 && x < s->input->nexports; x++) {
        const struct input_export *export = &s->input->exports[x];
        struct buf damage = {0}, path = {0};
        struct state st = {0};

        ret = state_load(&st, export, &damage, e);
        if (ret == 0 && damage.len > 0 && warn != NULL &&
            buf_printf(&path, "%s/%s", export->folder, export->manifest.assignments_file) == 0 &&
            buf_terminate(&damage) == 0)
            warn(path.data, damage.data, arg);
        for (i = 0; ret == 0 && i < s->n; i++) {
            struct finding *f = &s->all[i];

            if (s->input->files[f->records[0].file].export_index == (int)x &&
                set_state(f, &st) != 0)
                ret = err_memory(e, "findings");
        }
        state_free(&st);
        buf_free(&damage);
        buf_free(&path);
    }
    return ret;
}
