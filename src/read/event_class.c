/* What an object is: an event of the activity log, a record of another log, or neither. */
#include "base/text.h"
#include "read/entra.h"
#include "read/event.h"
#include "read/event_names.h"
#include "read/event_operation.h"

#include <string.h>

int event_is_table_row(const struct event *ev)
{
    return ev->field[EVENT_TIME].data != NULL &&
           ev->rank[EVENT_TIME] % EVENT_NAMES_EMPTY == EVENT_NAMES_TABLE_RANK;
}

struct slice event_category(const struct event *ev)
{
    struct slice none = {NULL, 0}, c = ev->field[EVENT_CATEGORY];

    if (ev->field[EVENT_ENTRA_SERVICE].data != NULL)
        return slice_of("AuditLogs");
    if (json_kind(c) == JSON_OBJECT)
        c = json_get_nocase(c, "value");
    return json_kind(c) == JSON_STRING && c.len > 2 ? (struct slice){c.data + 1, c.len - 2} : none;
}

/* Whether a category is one of the activity log's; records of before 2019 have the kind of call. */
static int is_own_category(struct slice category)
{
    static const char *const names[] = {
        "Administrative", "Security", "ServiceHealth", "ResourceHealth", "Alert", "Autoscale",
        "Recommendation", "Policy",   "Write",         "Delete",         "Action"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (text_same_name(category, names[i]))
            return 1;
    }
    return 0;
}

/* Whether the operation's name ends as those of the activity log do. */
static int is_own_operation(const struct event *ev)
{
    static const char *const ends[] = {"/write\"", "/delete\"", "/action\""};
    struct slice name = ev->field[EVENT_OPERATION];
    size_t i;

    if (json_kind(name) == JSON_OBJECT)
        name = json_get_nocase(name, "value");
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t n = strlen(ends[i]);

        if (name.len > n &&
            slice_equals_nocase((struct slice){name.data + name.len - n, n}, ends[i]))
            return 1;
    }
    return 0;
}

/* Whether the record belongs to another log. What only the activity log has decides first. */
static int is_foreign(const struct event *ev)
{
    struct slice category = event_category(ev);

    if (ev->field[EVENT_DATA_ID].data != NULL || ev->field[EVENT_AUTHORIZATION].data != NULL ||
        ev->field[EVENT_CLAIMS].data != NULL || ev->field[EVENT_CHANNELS].data != NULL ||
        (ev->field[EVENT_CALLER].data != NULL && ev->rank[EVENT_CALLER] < EVENT_NAMES_CHOSEN))
        return 0;
    /* the portal translates its "Event category" */
    if (ev->field[EVENT_ENTRA_SERVICE].data == NULL &&
        ev->rank[EVENT_CATEGORY] % EVENT_NAMES_EMPTY >= 6)
        return 0;
    return category.data != NULL && !is_own_category(category) && !is_own_operation(ev);
}

/* Whether a field has a text: an object has to say which of its members that is, and a list of
 * different ones is a column. */
static int has_text(const struct event *ev, enum event_field f)
{
    struct slice value = ev->field[f];

    return value.data != NULL && json_kind(value) != JSON_ARRAY &&
           (json_kind(value) != JSON_OBJECT || value.len == 2 ||
            json_get_nocase(value, "value").data != NULL ||
            json_get_nocase(value, "localizedValue").data != NULL);
}

enum event_class event_classify(const struct event *ev)
{
    int told = ev->field[EVENT_OPERATION].data != NULL &&
               ev->rank[EVENT_OPERATION] % EVENT_NAMES_EMPTY == EVENT_NAMES_TOLD;
    int named = ev->field[EVENT_OPERATION].data != NULL && !told
                    ? has_text(ev, EVENT_OPERATION)
                    : ev->field[EVENT_AUTHORIZATION].data != NULL;
    int when = ev->field[EVENT_TIME].data != NULL || ev->field[EVENT_SUBMISSION].data != NULL;
    int which = ev->field[EVENT_DATA_ID].data != NULL ||
                ev->field[EVENT_CORRELATION_ID].data != NULL ||
                ev->field[EVENT_OPERATION_ID].data != NULL;

    if (ev->field[EVENT_ENTRA_SERVICE].data != NULL || ev->field[EVENT_ENTRA_ACTIVITY].data != NULL)
        return entra_is_elevation(ev) ? EVENT_LIKELY : EVENT_FOREIGN;
    if (is_foreign(ev))
        return entra_is_elevation(ev) ? EVENT_LIKELY : EVENT_FOREIGN;
    /* Where fields were selected, the operation may stand in the authorization alone; the name of
     * an event says little by itself. */
    if (named && (when || which))
        return EVENT_LIKELY;
    if (has_text(ev, EVENT_NAME) && (which || ev->field[EVENT_SUBMISSION].data != NULL))
        return EVENT_LIKELY;
    /* Where somebody chose names, too; what holds more may hold the event itself. */
    if (told && event_operation_of_change(ev->field[EVENT_OPERATION]) != NULL &&
        (ev->field[EVENT_PROPERTIES].data == NULL || ev->field[EVENT_CALLER].data == NULL))
        return EVENT_OTHER;
    if (told)
        return (when || ev->field[EVENT_CALLER].data != NULL) && !ev->holds &&
                       ev->field[EVENT_FOUND].data == NULL
                   ? EVENT_LIKELY
                   : EVENT_OTHER;
    return named && is_own_operation(ev) ? EVENT_LIKELY : EVENT_OTHER;
}

void event_time_of_submission(struct event *ev)
{
    if (ev->field[EVENT_SUBMISSION].data == NULL ||
        (ev->field[EVENT_TIME].data != NULL && ev->rank[EVENT_TIME] < EVENT_NAMES_EMPTY))
        return;
    ev->field[EVENT_TIME] = ev->field[EVENT_SUBMISSION];
    ev->rank[EVENT_TIME] = EVENT_NAMES_SUBMITTED;
    ev->odd = 1;
}

/* Whether the operation is a title: it has no slash. */
static int is_titled(const struct event *ev)
{
    struct slice name = ev->field[EVENT_OPERATION];

    return name.data != NULL && memchr(name.data, '/', name.len) == NULL;
}

/* Whether a row of the table lacks what its Properties may say. */
static int leaves_out(const struct event *ev)
{
    return event_is_table_row(ev) && ev->field[EVENT_PROPERTIES].data != NULL &&
           (ev->field[EVENT_CALLER].data == NULL || ev->field[EVENT_STATUS].data == NULL);
}

int event_is_odd(const struct event *ev)
{
    return ev->odd || leaves_out(ev) || ev->field[EVENT_ENTRA_SERVICE].data != NULL ||
           ev->field[EVENT_ENTRA_ACTIVITY].data != NULL || is_foreign(ev) ||
           (is_titled(ev) && entra_is_elevation(ev));
}
