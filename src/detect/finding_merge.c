#include "detect/finding_merge.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Take over a text that the finding lacks. */
static void take(char **to, char **from)
{
    if (*to != NULL)
        return;
    *to = *from;
    *from = NULL;
}

/* Take over the id of the same resource, or (inside) of one in it, where the finding has it in
 * capitals, as the stream prints them, or its name alone. */
static void take_spelling(char **to, char **from, int inside)
{
    char *swap = *to;

    if (*to == NULL || *from == NULL || strlen(*to) < 2)
        return;
    if ((**to == '/' || **from != '/') &&
        (strpbrk(*to, "abcdefghijklmnopqrstuvwxyz") != NULL ||
         !text_starts_nocase(slice_of(*from), *to) || (!inside && strlen(*from) != strlen(*to))))
        return;
    *to = *from;
    *from = swap;
}

/* Who decided about a request to PIM, or carried it out, is not who made it: the record that is the
 * first in time says who that was, whichever is read first. */
static void take_caller(struct finding *f, struct event_facts *r)
{
    static const enum finding_text who[] = {FINDING_CALLER, FINDING_CALLER_OBJECT_ID,
                                            FINDING_CALLER_IP};
    size_t i;

    if (!r->by_scope || r->time == 0 || r->time >= f->time || r->text[FINDING_CALLER] == NULL)
        return;
    for (i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
        free(f->text[who[i]]);
        f->text[who[i]] = NULL;
    }
}

/* The address of the call, which not every record has, before that of the token. */
static void take_address(struct finding *f, struct event_facts *r)
{
    char **to = &f->text[FINDING_CALLER_IP], **from = &r->text[FINDING_CALLER_IP];

    if (r->of_call && !f->of_call) {
        free(*to);
        *to = NULL;
    }
    f->of_call |= *to == NULL && r->of_call;
    take(to, from);
}

void finding_merge(struct finding *f, struct event_facts *r, const struct reader_event *ev)
{
    struct finding_record *record;
    size_t i;

    f->records = mem_grow(f->records, f->nrecords, &f->cap_records, sizeof(*f->records));
    record = &f->records[f->nrecords++];
    record->time = r->time;
    record->data_id = r->data_id;
    record->file = ev->file_index;
    record->line = ev->line_number;
    r->data_id = NULL;
    take_caller(f, r);
    take_address(f, r);
    for (i = 0; i < FINDING_TEXTS; i++)
        take(&f->text[i], &r->text[i]);
    take_spelling(&f->text[FINDING_SCOPE], &r->text[FINDING_SCOPE], 0);
    take_spelling(&f->text[FINDING_RESOURCE_ID], &r->text[FINDING_RESOURCE_ID], 1);
    take(&f->hierarchy_tenant, &r->hierarchy_tenant);
    take(&f->claim_tenant, &r->claim_tenant);
    if (r->outcome == OUTCOME_SUCCEEDED && r->time > f->succeeded)
        f->succeeded = r->time;
    if ((r->outcome == OUTCOME_FAILED || r->status_word != NULL) && r->time > f->doubted)
        f->doubted = r->time;
    take(&f->status_word, &r->status_word);
    timestamp_widen(&f->time, &f->end_time, r->time);
    if (r->expires > f->expires)
        f->expires = r->expires;
    if (r->starts > f->starts)
        f->starts = r->starts;
    /* What succeeded after a failure of the same operation has succeeded. */
    if (r->outcome > f->outcome)
        f->outcome = r->outcome;
    if (r->defined > f->defined)
        f->defined = r->defined;
    /* Only the record of the begin has what was asked for, whichever is read first. */
    if (r->pim > f->pim)
        f->pim = r->pim;
    f->begun += r->outcome == OUTCOME_STARTED;
    f->exists |= r->exists;
    f->removed |= r->outcome == OUTCOME_SUCCEEDED && !r->nothing;
    f->nothing = (f->nothing || r->nothing) && !f->removed;
    f->cascade |= r->cascade;
    f->asks |= r->asks;
    f->typed |= r->typed;
    if (r->note != NULL)
        finding_note(f, r->note);
    if (r->assumed != NULL)
        finding_note(f, r->assumed);
}
