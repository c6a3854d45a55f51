/* The part of an event's facts that says how the operation went. */
#include "detect/event_facts_reading.h"

#include <string.h>

/* Whether text holds a word, ignoring case. */
static int has_word(struct slice text, const char *word)
{
    size_t n = strlen(word), i;

    for (i = 0; i + n <= text.len; i++) {
        struct slice part = {text.data + i, n};

        if (slice_equals_nocase(part, word))
            return 1;
    }
    return 0;
}

/* The HTTP status in a text: "201", "Created (HTTP Status Code: 201)" in any language; or 0. */
static int http_status(struct slice text)
{
    int found = 0;
    size_t i, n;

    for (i = 0; i < text.len; i += n + 1) {
        const char *p = text.data + i;

        for (n = 0; i + n < text.len && p[n] >= '0' && p[n] <= '9'; n++)
            ;
        if (n == 3)
            found = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
    }
    return found;
}

enum outcome facts_outcome_of(struct slice status)
{
    static const struct {
        enum outcome outcome;
        const char *word;
    } words[] = {
        {OUTCOME_SUCCEEDED, "Succeeded"},
        {OUTCOME_SUCCEEDED, "Success"},
        {OUTCOME_SUCCEEDED, "OK"},
        {OUTCOME_SUCCEEDED, "Created"},
        {OUTCOME_SUCCEEDED, "NoContent"},
        {OUTCOME_FAILED, "Failed"},
        {OUTCOME_FAILED, "Failure"},
        {OUTCOME_FAILED, "Error"},
        {OUTCOME_FAILED, "Canceled"},
        {OUTCOME_FAILED, "Conflict"},
        {OUTCOME_FAILED, "BadRequest"},
        {OUTCOME_FAILED, "Unauthorized"},
        {OUTCOME_FAILED, "Forbidden"},
        {OUTCOME_FAILED, "NotFound"},
        {OUTCOME_STARTED, "Started"},
        {OUTCOME_STARTED, "Start"},
        {OUTCOME_STARTED, "Accepted"},
        {OUTCOME_STARTED, "Accept"},
        {OUTCOME_STARTED, "InProgress"},
        {OUTCOME_STARTED, "In Progress"},
        {OUTCOME_FAILED, "Fail"},
        {OUTCOME_FAILED, "Denied"},
        {OUTCOME_FAILED, "Cancelled"},
        /* As the portal prints them in German, French and Spanish. */
        {OUTCOME_SUCCEEDED, "Erfolgreich"},
        {OUTCOME_FAILED, "Fehlgeschlagen"},
        {OUTCOME_FAILED, "Fehler"},
        {OUTCOME_STARTED, "Gestartet"},
        {OUTCOME_STARTED, "Akzeptiert"},
        {OUTCOME_SUCCEEDED, "R\xc3\xa9ussi"},
        {OUTCOME_SUCCEEDED, "R\xc3\xa9ussite"},
        {OUTCOME_FAILED, "Echec"},
        {OUTCOME_FAILED, "\xc3\x89"
                         "chec"},
        {OUTCOME_FAILED, "\xc3\xa9"
                         "chec"},
        {OUTCOME_STARTED, "D\xc3\xa9marr\xc3\xa9"},
        {OUTCOME_STARTED, "Accept\xc3\xa9"},
        {OUTCOME_SUCCEEDED, "Correcto"},
        {OUTCOME_FAILED, "Con errores"},
        {OUTCOME_STARTED, "Iniciado"},
    };
    int code = http_status(status);
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equals_nocase(status, words[i].word))
            return words[i].outcome;
    }
    if (code >= 400)
        return OUTCOME_FAILED;
    if (code == 202)
        return OUTCOME_STARTED;
    return code >= 200 && code < 300 ? OUTCOME_SUCCEEDED : OUTCOME_UNKNOWN;
}

/* Whether a status says that there was nothing to delete: "NoContent", "Succeeded.NoContent" in the
 * stream, "No Content (HTTP Status Code: 204)". */
static int is_no_content(struct slice text)
{
    return has_word(text, "NoContent") || http_status(text) == 204;
}

enum outcome event_facts_outcome(const struct event *ev, const struct event_objects *o,
                                 struct buf *hold)
{
    enum outcome outcome = OUTCOME_UNKNOWN;
    struct slice tries[3], text;
    size_t i;

    tries[0] = ev->field[EVENT_STATUS];
    tries[1] = json_get_nocase(o->properties, "statusCode");
    tries[2] = ev->field[EVENT_SUB_STATUS];
    for (i = 0; i < 3 && outcome == OUTCOME_UNKNOWN; i++) {
        if (event_value_text(tries[i], hold, &text) == 1)
            outcome = facts_outcome_of(text);
    }
    return outcome;
}

void facts_outcome(struct event_facts *r, struct facts_reading *x)
{
    struct slice text;

    r->outcome = event_facts_outcome(x->ev, &x->objects, &x->hold);
    if (r->outcome == OUTCOME_UNKNOWN)
        facts_keep_field(x, &r->status_word, EVENT_STATUS);
    if (r->outcome == OUTCOME_FAILED && r->operation->kind == OPERATION_ASSIGN)
        r->exists = has_word(x->ev->raw, "RoleAssignmentExists");
    if (r->outcome != OUTCOME_SUCCEEDED || r->operation->kind != OPERATION_UNASSIGN)
        return;
    r->nothing = (event_text(x->ev, EVENT_SUB_STATUS, &x->hold, &text) == 1 ||
                  event_value_text(json_get_nocase(x->objects.properties, "statusCode"), &x->hold,
                                   &text) == 1) &&
                 is_no_content(text);
}
