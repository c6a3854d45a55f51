/* The part of a record that says how the operation went. */
#include "detect/record_part.h"

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

/* Outcome by the words of a status, or its HTTP status; -1 when it is neither. */
static int outcome_of(struct slice status)
{
    static const struct {
        enum outcome outcome;
        const char *word;
    } words[] = {
        {OUTCOME_SUCCEEDED, "Succeeded"}, {OUTCOME_SUCCEEDED, "Success"},
        {OUTCOME_SUCCEEDED, "OK"},        {OUTCOME_SUCCEEDED, "Created"},
        {OUTCOME_SUCCEEDED, "NoContent"}, {OUTCOME_FAILED, "Failed"},
        {OUTCOME_FAILED, "Failure"},      {OUTCOME_FAILED, "Error"},
        {OUTCOME_FAILED, "Canceled"},     {OUTCOME_FAILED, "Conflict"},
        {OUTCOME_FAILED, "BadRequest"},   {OUTCOME_FAILED, "Unauthorized"},
        {OUTCOME_FAILED, "Forbidden"},    {OUTCOME_FAILED, "NotFound"},
        {OUTCOME_STARTED, "Started"},     {OUTCOME_STARTED, "Start"},
        {OUTCOME_STARTED, "Accepted"},    {OUTCOME_STARTED, "Accept"},
        {OUTCOME_STARTED, "InProgress"},  {OUTCOME_STARTED, "In Progress"},
    };
    int code = http_status(status);
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_equals_nocase(status, words[i].word))
            return (int)words[i].outcome;
    }
    if (code >= 400)
        return OUTCOME_FAILED;
    if (code == 202)
        return OUTCOME_STARTED;
    return code >= 200 && code < 300 ? OUTCOME_SUCCEEDED : -1;
}

/* Whether a status says that there was nothing to delete: "NoContent", "Succeeded.NoContent" in the
 * stream, "No Content (HTTP Status Code: 204)". */
static int is_no_content(struct slice text)
{
    return has_word(text, "NoContent") || http_status(text) == 204;
}

int record_outcome(struct record *r, struct record_reading *x)
{
    struct slice tries[3], text;
    int got, outcome = -1;
    size_t i;

    tries[0] = x->ev->field[EVENT_STATUS];
    tries[1] = json_get_nocase(x->objects.properties, "statusCode");
    tries[2] = x->ev->field[EVENT_SUB_STATUS];
    for (i = 0; i < 3 && outcome < 0; i++) {
        got = event_value_text(tries[i], &x->hold, &text);
        if (got < 0)
            return -1;
        if (got == 1)
            outcome = outcome_of(text);
    }
    r->outcome = outcome < 0 ? OUTCOME_STARTED : (enum outcome)outcome;
    if (r->outcome == OUTCOME_FAILED && r->operation->kind == OPERATION_ASSIGN)
        r->exists = has_word(x->ev->raw, "RoleAssignmentExists");
    if (r->outcome != OUTCOME_SUCCEEDED || r->operation->kind != OPERATION_UNASSIGN)
        return 0;
    got = event_value_text(tries[2], &x->hold, &text);
    if (got == 0)
        got = event_value_text(tries[1], &x->hold, &text);
    r->nothing = got == 1 && is_no_content(text);
    return got < 0 ? -1 : 0;
}
