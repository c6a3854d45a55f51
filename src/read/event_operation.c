#include "read/event_operation.h"

#include "base/text.h"
#include "read/entra.h"
#include "read/operation_titles.h"

#include <string.h>

/* Whether a part of the event names the operation: its message, or the action that was authorised.
 */
static int is_told_elsewhere(const struct event *ev)
{
    struct event_objects o = {0};
    struct buf hold = {0};
    struct slice text;
    int yes;

    event_objects_open(&o, ev);
    yes = (event_value_text(json_get_nocase(o.properties, "message"), &hold, &text) == 1 &&
           event_is_operation_name(text)) ||
          event_value_text(json_get_nocase(o.authorization, "action"), &hold, &text) == 1;
    event_objects_free(&o);
    buf_free(&hold);
    return yes;
}

/* Whether a resource belongs to access control. */
static int is_about_access(const struct event *ev)
{
    static const char part[] = "providers/Microsoft.Authorization";
    struct slice id = ev->field[EVENT_RESOURCE_ID];
    size_t i;

    for (i = 0; i + sizeof(part) - 1 <= id.len; i++) {
        if (slice_equals_nocase((struct slice){id.data + i, sizeof(part) - 1}, part))
            return 1;
    }
    return 0;
}

int event_operation_is_known(const struct event *ev)
{
    struct slice value = ev->field[EVENT_OPERATION], text;
    struct buf hold = {0};
    int known;

    /* the usual case, without a look at anything else */
    if (value.data != NULL && memchr(value.data, '/', value.len) != NULL)
        return 1;
    known = is_told_elsewhere(ev);
    if (!known && event_text(ev, EVENT_OPERATION, &hold, &text) == 1)
        known = operation_titles_find(text) != NULL ||
                (memchr(text.data, ' ', text.len) != NULL && !is_about_access(ev));
    buf_free(&hold);
    return known;
}

int event_is_operation_name(struct slice text)
{
    return text.data != NULL && memchr(text.data, '/', text.len) != NULL &&
           memchr(text.data, ' ', text.len) == NULL;
}

int event_operation_is_full(struct slice text)
{
    static const char *const ends[] = {"/write", "/delete", "/action"};
    const char *slash = text.len == 0 ? NULL : memchr(text.data, '/', text.len);
    size_t i;

    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t n = strlen(ends[i]);

        /* a provider's name has a dot, and is no address of a page */
        if (text.len > n &&
            slice_equals_nocase((struct slice){text.data + text.len - n, n}, ends[i]))
            return memchr(text.data, '.', (size_t)(slash - text.data)) != NULL &&
                   memchr(text.data, ' ', text.len) == NULL;
    }
    return 0;
}

int event_operation_is_own_name(struct slice name)
{
    return text_same_name(name, "operation") || text_same_name(name, "action");
}

const char *event_operation_of_change(struct slice value)
{
    if (slice_equals(value, "\"Granted\""))
        return "Microsoft.Authorization/roleAssignments/write";
    return slice_equals(value, "\"Revoked\"") ? "Microsoft.Authorization/roleAssignments/delete"
                                              : NULL;
}

int event_operation_is_told(struct slice key, struct slice value)
{
    struct slice text = {value.data + 1, value.len - 2};

    if (json_kind(value) != JSON_STRING)
        return 0;
    return event_operation_is_full(text) ||
           (event_operation_is_own_name(key) &&
            (event_operation_of_change(value) != NULL || operation_titles_find(text) != NULL ||
             entra_is_title(text)));
}

struct slice event_operation_plain(struct slice text)
{
    struct slice inside;

    /* what a spreadsheet was given as a text may have kept its mark */
    while (text.len > 0 && text.data[0] == '\'') {
        text.data++;
        text.len -= 1 + (size_t)(text.len > 1 && text.data[text.len - 2] == '\'');
    }
    inside = text;

    if (text.len > 2 && text.data[text.len - 1] == ')') {
        inside.len--;
        while (inside.len > 0 && inside.data[inside.len - 1] != '(')
            inside.len--;
        if (inside.len > 0) {
            inside.data += inside.len;
            inside.len = text.len - 1 - inside.len;
            inside = text_trim(inside);
        }
        /* a provider's name has a dot: "(extend/renew)" is part of a title */
        if (inside.len > 0 && event_is_operation_name(inside) &&
            memchr(inside.data, '.', inside.len) != NULL)
            text = inside;
    }
    while (text.len > 1 && text.data[text.len - 1] == '/')
        text.len--;
    return text;
}
