/* The part of an event's facts that says where a change applies. */
#include "base/text.h"
#include "detect/event_facts_reading.h"
#include "detect/scope.h"

#include <string.h>

#define ASSIGNMENT_TYPE "Microsoft.Authorization/roleAssignments"
#define GROUP_PATH "/providers/Microsoft.Management/managementGroups/"

/* The scope that an id without extension stands for: its management group or subscription. */
static struct slice plain_scope(struct slice id)
{
    size_t parts = 0, i, want = 0;

    if (text_starts_nocase(id, GROUP_PATH))
        want = 4;
    else if (text_starts_nocase(id, "/subscriptions/"))
        want = 2;
    for (i = 1; want > 0 && i < id.len; i++) {
        if (id.data[i] == '/' && ++parts == want) {
            id.len = i;
            break;
        }
    }
    return id;
}

/* Keep name and id of an assignment. A name without dashes gets them, so that what becomes of an
 * assignment is found under the name that it was made with. */
static void keep_assignment(struct event_facts *r, struct slice id, struct slice name)
{
    char guid[SCOPE_GUID_MAX];
    struct buf b = {0};

    if (!scope_guid(name, guid) || name.len == SCOPE_GUID_MAX - 1) {
        facts_keep(&r->text[FINDING_ASSIGNMENT_NAME], name);
        facts_keep(&r->text[FINDING_ASSIGNMENT_ID], id);
        return;
    }
    buf_append(&b, id.data, (size_t)(name.data - id.data));
    buf_puts(&b, guid);
    facts_keep(&r->text[FINDING_ASSIGNMENT_NAME], slice_of(guid));
    facts_keep(&r->text[FINDING_ASSIGNMENT_ID], buf_slice(&b));
    buf_free(&b);
}

/* Take the scope out of one id. Returns 1, or 0 when it is not of the operation's type. */
static int take_scope(struct event_facts *r, struct slice id)
{
    const char *extension = r->operation->extension;
    struct slice scope, name;

    if (id.data == NULL || !scope_split(id, extension, &scope, &name))
        return 0;
    facts_keep(&r->text[FINDING_SCOPE], scope);
    if (strcmp(extension, ASSIGNMENT_TYPE) == 0)
        keep_assignment(r, id, name);
    return 1;
}

void facts_scope(struct event_facts *r, struct facts_reading *x)
{
    const char *extension = r->operation->extension, *id = r->text[FINDING_RESOURCE_ID];
    struct slice text, told;

    if (r->operation->kind == OPERATION_ELEVATE) {
        facts_keep(&r->text[FINDING_SCOPE], slice_of("/"));
        return;
    }
    told = json_get_nocase(x->objects.properties, "scope");
    if (extension == NULL) {
        if (id == NULL && event_value_text(told, &x->hold, &text) == 1)
            facts_keep(&r->text[FINDING_SCOPE], plain_scope(text));
        if (id != NULL)
            facts_keep(&r->text[FINDING_SCOPE], r->operation->kind == OPERATION_OTHER
                                                    ? slice_of(id)
                                                    : plain_scope(slice_of(id)));
        return;
    }
    if ((id != NULL && take_scope(r, slice_of(id))) ||
        (facts_authorization(x, "scope", &text) && take_scope(r, text)) ||
        (event_value_text(json_get_nocase(x->objects.properties, "entity"), &x->hold, &text) == 1 &&
         take_scope(r, text)) ||
        (event_value_text(told, &x->hold, &text) == 1 && take_scope(r, text)))
        return;
    if (strncmp(extension, "Microsoft.Resources", 19) == 0 ||
        strncmp(extension, "Microsoft.Subscription", 22) == 0)
        facts_keep(&r->text[FINDING_SCOPE], slice_of("/"));
}
