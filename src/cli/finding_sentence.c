#include "cli/finding_sentence.h"

#include "detect/scope.h"
#include "out/table.h"

#include <stdlib.h>
#include <string.h>

/* Digits of an id that is cut. */
#define ID_DIGITS 8
/* Bytes of a longer text that are looked at, half of them at its beginning and half at its end. */
#define TEXT_BYTES 1024

/* How short a sentence is: see finding_sentence. */
struct style {
    int brief;
    size_t room;
};

/* The same, with ids as they are. */
static struct style with_ids(struct style how)
{
    return (struct style){0, how.room};
}

/* Append a text of the log: an id is cut when brief; of another long text the middle is left out.
 */
static void put_slice(struct buf *b, struct slice s, struct style how)
{
    char guid[SCOPE_GUID_MAX];
    struct buf shown = {0};
    size_t half = TEXT_BYTES / 2;

    if (how.brief > 0 && scope_guid(s, guid) && s.len == SCOPE_GUID_MAX - 1) {
        buf_printf(b, "%.*s-...", ID_DIGITS, guid);
        return;
    }
    if (s.len > TEXT_BYTES) {
        table_escape(&shown, (struct slice){s.data, half});
        buf_puts(&shown, TABLE_CUT);
        table_escape(&shown, (struct slice){s.data + s.len - half, half});
    } else {
        table_escape(&shown, s);
    }
    table_put_short(b, buf_slice(&shown), how.room);
    buf_free(&shown);
}

static void put(struct buf *b, const char *text, const char *stand_in, struct style how)
{
    put_slice(b, slice_of(text == NULL ? stand_in : text), how);
}

/* The next part of a path, without its slashes. */
static struct slice next_part(struct slice *rest)
{
    struct slice part;

    while (rest->len > 0 && *rest->data == '/') {
        rest->data++;
        rest->len--;
    }
    part = *rest;
    while (rest->len > 0 && *rest->data != '/') {
        rest->data++;
        rest->len--;
    }
    part.len -= rest->len;
    return part;
}

/* Append where something applies, in words. */
static void put_scope(struct buf *b, const struct finding *f, struct style how)
{
    struct slice rest, part[4];
    size_t i;

    if (f->text[FINDING_SCOPE] == NULL) {
        buf_puts(b, "an unknown scope");
        return;
    }
    rest = slice_of(f->text[FINDING_SCOPE]);
    for (i = 0; i < 4; i++)
        part[i] = next_part(&rest);
    switch (f->scope_kind) {
    case SCOPE_TENANT_ROOT_GROUP:
        buf_puts(b, "the tenant root group");
        break;
    case SCOPE_MANAGEMENT_GROUP:
        buf_puts(b, "management group ");
        put_slice(b, part[3], how);
        break;
    case SCOPE_SUBSCRIPTION:
        buf_puts(b, "subscription ");
        put_slice(b, part[1], how);
        break;
    case SCOPE_RESOURCE_GROUP:
        buf_puts(b, "resource group ");
        put_slice(b, part[3], how);
        if (how.brief < 3) {
            buf_puts(b, how.brief > 0 ? " in " : " of subscription ");
            put_slice(b, part[1], how);
        }
        break;
    case SCOPE_RESOURCE:
        if (how.brief > 0) {
            buf_puts(b, "resource ");
            put_slice(b, scope_last(slice_of(f->text[FINDING_SCOPE])), how);
            break;
        }
        put(b, f->text[FINDING_SCOPE], "", how);
        break;
    default:
        put(b, f->text[FINDING_SCOPE], "", how);
        break;
    }
}

/* Append the role. */
static void put_role(struct buf *b, const struct finding *f, struct style how)
{
    if (f->text[FINDING_ROLE_NAME] != NULL)
        put(b, f->text[FINDING_ROLE_NAME], "", with_ids(how));
    else if (f->text[FINDING_ROLE_ID] != NULL)
        put(b, f->text[FINDING_ROLE_ID], "", how);
    else
        buf_puts(b, "an unknown role");
}

/* Append " to User <id>", " from User <id>", or " to themselves". */
static void put_principal(struct buf *b, const struct finding *f, const char *word,
                          struct style how)
{
    if (f->self > 0) {
        buf_printf(b, " %s themselves", word);
        return;
    }
    buf_printf(b, " %s ", word);
    if (how.brief < 3 && f->text[FINDING_PRINCIPAL_TYPE] != NULL &&
        f->text[FINDING_PRINCIPAL_ID] != NULL) {
        put(b, f->text[FINDING_PRINCIPAL_TYPE], "", with_ids(how));
        buf_putc(b, ' ');
    }
    put(b, f->text[FINDING_PRINCIPAL_ID], "an unknown principal", how);
}

/* A verb, the name of what was changed, and where. */
static void put_change(struct buf *b, const struct finding *f, const char *verb, const char *name,
                       struct style how)
{
    buf_puts(b, verb);
    if (name != NULL) {
        buf_putc(b, ' ');
        put(b, name, "", how);
    }
    buf_puts(b, " at ");
    put_scope(b, f, how);
}

/* The last part of what was changed, or NULL. */
static char *resource_name(const struct finding *f)
{
    return f->text[FINDING_RESOURCE_ID] == NULL
               ? NULL
               : slice_dup(scope_last(slice_of(f->text[FINDING_RESOURCE_ID])));
}

/* What PIM was asked for. */
static void put_pim(struct buf *b, const struct finding *f, struct style how)
{
    int gives = f->typed && (f->pim == PIM_ACTIVE || f->pim == PIM_ELIGIBLE);

    if (!f->typed)
        buf_puts(b, "made a request to PIM about ");
    else if (f->pim == PIM_ACTIVE && f->self > 0)
        buf_puts(b, "activated ");
    else if (f->pim == PIM_ACTIVE)
        buf_puts(b, "gave through PIM ");
    else if (f->pim == PIM_ELIGIBLE)
        buf_puts(b, "gave eligibility for ");
    else
        buf_puts(b, f->pim == PIM_END ? "ended the PIM role " : "withdrew a request for ");
    put_role(b, f, how);
    buf_puts(b, " at ");
    put_scope(b, f, how);
    if (f->self <= 0)
        put_principal(b, f, gives ? "to" : "of", how);
}

/* The verb for kinds of operation that need nothing else, or NULL. */
static const char *verb_of(const struct finding *f)
{
    int deletes = rules_match("*/delete", slice_of(f->operation->name));

    switch (f->operation->kind) {
    case OPERATION_PIM_POLICY:
        return "changed PIM's settings of a role";
    case OPERATION_DENY_DELETE:
        return "deleted deny assignment";
    case OPERATION_POLICY_EXEMPTION:
        return "created policy exemption";
    case OPERATION_POLICY_ASSIGNMENT:
        return deletes ? "removed policy assignment" : "assigned policy";
    case OPERATION_LOGGING_WRITE:
        return "changed diagnostic setting";
    case OPERATION_LOGGING_DELETE:
        return "deleted diagnostic setting";
    case OPERATION_LOCK_DELETE:
        return "removed lock";
    case OPERATION_CLASSIC_WRITE:
        return "made a classic administrator";
    case OPERATION_CLASSIC_DELETE:
        return "removed a classic administrator";
    default:
        return NULL;
    }
}

/* Append an operation's name; when brief without what all of them begin with. */
static void put_operation(struct buf *b, const char *name, struct style how)
{
    static const char all[] = "Microsoft.";

    if (how.brief > 0 && name != NULL && strncmp(name, all, sizeof(all) - 1) == 0)
        name += sizeof(all) - 1;
    put(b, name, "an unknown operation", with_ids(how));
}

/* A change of the hierarchy of groups, or a delegation, when there are words for it. Returns 1, or
 * 0.
 */
static int put_move(struct buf *b, const struct finding *f, const char *name, struct style how)
{
    const char *operation = f->operation->name;
    int deletes = rules_match("*/delete", slice_of(operation));
    int moves = rules_match("*/managementGroups/subscriptions/*", slice_of(operation));
    int delegates = rules_match("*/registrationAssignments/write", slice_of(operation));

    if (moves && name != NULL) {
        buf_puts(b, deletes ? "took subscription " : "moved subscription ");
        put(b, name, "", how);
        buf_puts(b, deletes ? " out of " : " to ");
    } else if (rules_match("*/managementGroups/write", slice_of(operation))) {
        buf_puts(b, "created or changed ");
    } else if (rules_match("*/managementGroups/delete", slice_of(operation))) {
        buf_puts(b, "deleted ");
    } else if (delegates) {
        buf_puts(b, "delegated ");
    } else {
        return 0;
    }
    put_scope(b, f, how);
    if (delegates)
        buf_puts(b, " to another tenant");
    return 1;
}

/* What was done to what, where and to whom. */
static void put_act(struct buf *b, const struct finding *f, struct style how)
{
    char *name = resource_name(f);

    switch (f->operation->kind) {
    case OPERATION_ELEVATE:
        buf_puts(b, "elevated to User Access Administrator at /");
        break;
    case OPERATION_ASSIGN:
    case OPERATION_UNASSIGN:
        buf_puts(b, f->operation->kind == OPERATION_ASSIGN ? "gave " : "removed ");
        put_role(b, f, how);
        buf_puts(b, " at ");
        put_scope(b, f, how);
        put_principal(b, f, f->operation->kind == OPERATION_ASSIGN ? "to" : "from", how);
        break;
    case OPERATION_DEFINE_ROLE:
    case OPERATION_DELETE_ROLE:
        buf_puts(b,
                 f->operation->kind == OPERATION_DEFINE_ROLE ? "defined role " : "deleted role ");
        put_role(b, f, how);
        buf_puts(b, " at ");
        put_scope(b, f, how);
        break;
    case OPERATION_PIM_REQUEST:
        put_pim(b, f, how);
        break;
    default:
        if (verb_of(f) != NULL) {
            put_change(b, f, verb_of(f), name, how);
            break;
        }
        if (put_move(b, f, name, how))
            break;
        buf_puts(b, "did ");
        put_operation(b, f->text[FINDING_OPERATION], how);
        buf_puts(b, " at ");
        put_scope(b, f, how);
        break;
    }
    free(name);
}

/* How it ended, and what became of it. */
static void put_end(struct buf *b, const struct finding *f, struct style how)
{
    char day[TIMESTAMP_TEXT_MAX];

    if (f->outcome == OUTCOME_FAILED)
        buf_puts(b, "; failed");
    else if (f->outcome != OUTCOME_SUCCEEDED)
        buf_puts(b, "; outcome not known");
    if (f->nothing)
        buf_puts(b, how.brief < 3 ? "; there was nothing to delete" : "; nothing to delete");
    if (f->ended_time != 0) {
        buf_printf(b, "; %s %s", f->pim == PIM_NONE ? "removed" : "ended",
                   timestamp_format_date(f->ended_time, day));
        if (how.brief < 3) {
            buf_puts(b, " by ");
            put(b, f->text[FINDING_ENDED_BY], "an unknown caller", how);
        }
    } else if (f->state != NULL && strcmp(f->state, "Unknown") != 0) {
        buf_printf(b, "; at export: %s", f->state);
    }
}

void finding_sentence(const struct finding *f, int brief, size_t room, struct buf *out)
{
    struct style how = {brief, room};

    put(out, f->text[FINDING_CALLER], "an unknown caller", how);
    if (brief < 2 && f->text[FINDING_CALLER_IP] != NULL) {
        buf_puts(out, " (");
        put(out, f->text[FINDING_CALLER_IP], "", with_ids(how));
        buf_putc(out, ')');
    }
    buf_putc(out, ' ');
    put_act(out, f, how);
    put_end(out, f, how);
    (void)buf_text(out);
}
