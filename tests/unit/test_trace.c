/*
 * trace: who counts as holder of which power from when until when, and which of his operations are
 * counted, in logs of a few lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scanning.h"

#include "detect/tactics.h"
#include "detect/trace.h"
#include "detect/trace_list.h"

#define SUB "/subscriptions/7b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c"
#define OTHER_SUB "/subscriptions/8b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c"
#define GROUPS "/providers/Microsoft.Management/managementGroups/"
#define ADA "a1111111-1111-4111-8111-111111111111"
#define BEN "b2222222-2222-4222-8222-222222222222"
#define CLEO "c3333333-3333-4333-8333-333333333333"
#define APP "d7777777-7777-4777-8777-777777777777"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define READER "acdd72a7-3385-48ef-bd42-f606fba81ae7"

/* One record; time is hh:mm:ss of one day. more: further members. */
#define EVENT(time, operation, resource, status, more)                                             \
    "{\"eventTimestamp\":\"2026-11-01T" time "Z\",\"operationName\":\"" operation                  \
    "\",\"resourceId\":\"" resource "\",\"status\":\"" status "\"" more "}\n"
#define BY(name, oid, ip)                                                                          \
    ",\"caller\":\"" name "\",\"httpRequest\":{\"clientIpAddress\":\"" ip                          \
    "\"},\"claims\":{\"oid\":\"" oid "\"}"
#define ID(id) ",\"correlationId\":\"" id "\""
#define GIVE(time, id, scope, role, to, type, who)                                                 \
    EVENT(time, "Microsoft.Authorization/roleAssignments/write",                                   \
          scope "/providers/Microsoft.Authorization/roleAssignments/" id, "Succeeded",             \
          ID(id) who ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{"                    \
                     "\\\"roleDefinitionId\\\":\\\"x/" role "\\\",\\\"principalId\\\":\\\"" to     \
                     "\\\",\\\"principalType\\\":\\\"" type "\\\"}}\"}")
#define ELEVATE(time, who)                                                                         \
    EVENT(time, "Microsoft.Authorization/elevateAccess/action",                                    \
          "/providers/Microsoft.Authorization", "Succeeded", ID("e" time) who)
#define KEYS "Microsoft.Storage/storageAccounts/listKeys/action"
#define ADA_CALLS BY("ada@contoso.example", ADA, "203.0.113.7")
#define BEN_CALLS BY("ben@contoso.example", BEN, "203.0.113.8")

static void note_first(const struct event *ev, size_t part, void *arg)
{
    trace_learn(arg, ev, part);
}

static int pick_first(const struct event *ev, void *arg)
{
    (void)arg;
    return trace_is_grant(ev);
}

static int skip_second(size_t part, void *arg)
{
    return trace_skips(arg, part);
}

static int take_first(const struct reader_event *r, void *arg, struct err *e)
{
    return trace_take(arg, r, e);
}

static int pick_second(const struct event *ev, void *arg)
{
    return trace_wants(arg, ev);
}

static int take_second(const struct reader_event *r, void *arg, struct err *e)
{
    return trace_add(arg, r, e) < 0 ? -1 : 0;
}

static void no_damage(const struct input_file *f, uint64_t line, const char *why, void *arg)
{
    (void)arg;
    fail_msg("%s:%llu: %s", f->path, (unsigned long long)line, why);
}

static void no_warning(const struct input_file *f, const char *text, void *arg)
{
    (void)arg;
    fail_msg("%s: %s", f->path, text);
}

static void no_end(const struct reader_file *f, void *arg)
{
    (void)f;
    (void)arg;
}

/* Trace a log. */
static void run(struct scanning *s, struct trace *t, const char *log)
{
    static const struct reader_parts note = {note_first, NULL}, skip = {NULL, skip_second};
    struct reader_calls first = {pick_first, take_first, no_damage, no_warning, no_end, t};
    struct reader_calls second = {pick_second, take_second, no_damage, no_warning, no_end, t};
    char *path = scanning_path(s, "log.ndjson");
    struct err e = {0};

    scanning_write(s, "log.ndjson", log, strlen(log));
    scanning_clear(s);
    assert_int_equal(input_open(&s->input, (const char *const *)&path, 1, 0, 0, &e), 0);
    trace_init(t, &s->input);
    assert_int_equal(reader_run_parts(&s->input, &first, &note, &e), 0);
    trace_begin(t, NULL, NULL);
    assert_int_equal(reader_run_parts(&s->input, &second, &skip, &e), 0);
    if (trace_again(t))
        assert_int_equal(reader_run_parts(&s->input, &second, &skip, &e), 0);
    trace_finish(t);
    free(path);
}

/* The lines of a log, the last one first. */
static void reverse(const char *log, struct buf *out)
{
    const char *end = log + strlen(log), *start;

    for (; end > log; end = start) {
        for (start = end - 1; start > log && start[-1] != '\n'; start--)
            ;
        buf_append(out, start, (size_t)(end - start));
    }
}

/* The rows of a log: "depth holder via operation count/succeeded/failed". */
static void expect_once(struct scanning *s, const char *log, int all, const char *rows)
{
    struct trace t = {0};
    struct buf got = {0};
    size_t i;

    t.all = all;
    run(s, &t, log);
    for (i = 0; i < t.nrows; i++) {
        const struct trace_row *r = &t.rows[i];
        const struct holder *h = &t.holders.all[r->holder];

        buf_printf(
            &got, "%d %.4s %s %s %llu/%llu/%llu\n", h->depth, t.holders.principals[h->principal].id,
            holders_via_name(t.holders.powers[r->power].via),
            r->operation == NULL ? "-" : strrchr(r->operation, '/'), (unsigned long long)r->count,
            (unsigned long long)r->succeeded, (unsigned long long)r->failed);
    }
    (void)buf_text(&got);
    assert_string_equal(got.data == NULL ? "" : got.data, rows);
    buf_free(&got);
    trace_free(&t);
}

/* The same, whether the log has the oldest line first or last. */
static void expect(struct scanning *s, const char *log, int all, const char *rows)
{
    struct buf reversed = {0};

    expect_once(s, log, all, rows);
    reverse(log, &reversed);
    expect_once(s, buf_text(&reversed), all, rows);
    buf_free(&reversed);
}

/* Whether a note of the first row of a holder holds a text. */
static int noted(struct scanning *s, const char *log, const char *holder, const char *text)
{
    struct trace t = {0};
    size_t i, k;
    int yes = 0;

    run(s, &t, log);
    for (i = 0; i < t.nrows; i++) {
        for (k = 0; k < t.rows[i].nnotes; k++)
            yes |= strcmp(t.holders.principals[t.holders.all[t.rows[i].holder].principal].id,
                          holder) == 0 &&
                   strstr(t.rows[i].notes[k], text) != NULL;
    }
    trace_free(&t);
    return yes;
}

#define END(time)                                                                                  \
    EVENT(time, "Microsoft.Authorization/roleAssignments/delete",                                  \
          SUB "/providers/Microsoft.Authorization/roleAssignments/g", "Succeeded",                 \
          ID("end") ADA_CALLS)

static void each_operation_counts_once_and_only_under_power(void **state)
{
    struct scanning *s = *state;

    expect(s,
           GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)
               EVENT("10:00:01", KEYS, SUB "/x", "Started", ID("3") BEN_CALLS)
                   EVENT("10:00:02", KEYS, SUB "/x", "Failed", ID("3") BEN_CALLS)
                       EVENT("10:00:03", KEYS, SUB "/x", "Succeeded", ID("3") BEN_CALLS)
                           EVENT("10:00:04", KEYS, SUB "/y", "Failed", ID("3") BEN_CALLS),
           0, "0 b222 Assignment /action 2/1/1\n");
    /* Before the grant, at its moment, outside its scope, by another, after its end. */
    expect(s,
           EVENT("09:00:00", KEYS, SUB "/x", "Succeeded", ID("1") BEN_CALLS)
               GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)
                   EVENT("10:00:00", KEYS, SUB "/x", "Succeeded", ID("2") BEN_CALLS)
                       EVENT("10:00:05", KEYS, OTHER_SUB "/x", "Succeeded", ID("4") BEN_CALLS)
                           EVENT("10:00:05", KEYS, SUB "beyond/x", "Succeeded", ID("5") BEN_CALLS)
                               EVENT("10:00:06", KEYS, SUB "/x", "Succeeded", ID("6") ADA_CALLS)
                                   END("12:00:00") EVENT("12:00:01", KEYS, SUB "/x", "Succeeded",
                                                         ID("8") BEN_CALLS),
           0, "0 b222 Assignment - 0/0/0\n");
}

/* Times of operations in seconds from an hour's begin, and what the bins then say of them. */
static void when_operations_were_is_counted_in_bins_that_grow(void **state)
{
    static const struct {
        int64_t seconds[8];
        size_t n;
        const char *bins;
    } cases[] = {
        {{0}, 0, ""},
        {{61, 5, 59},
         3,
         "2026-11-01T10:00:00Z/2026-11-01T10:01:00Z 2; 2026-11-01T10:01:00Z/2026-11-01T10:02:00Z "
         "1; "},
        /* The last minute that fits, before and behind. */
        {{31 * 60, 0},
         2,
         "2026-11-01T10:00:00Z/2026-11-01T10:01:00Z 1; 2026-11-01T10:31:00Z/2026-11-01T10:32:00Z "
         "1; "},
        {{0, 60, 120, 32 * 60},
         4,
         "2026-11-01T10:00:00Z/2026-11-01T10:02:00Z 2; 2026-11-01T10:02:00Z/2026-11-01T10:04:00Z "
         "1; "
         "2026-11-01T10:32:00Z/2026-11-01T10:34:00Z 1; "},
        {{32 * 60, 60, 0},
         3,
         "2026-11-01T10:00:00Z/2026-11-01T10:02:00Z 2; 2026-11-01T10:32:00Z/2026-11-01T10:34:00Z "
         "1; "},
        {{0, 3600, -3600, 86400},
         4,
         "2026-11-01T08:32:00Z/2026-11-01T09:36:00Z 1; 2026-11-01T09:36:00Z/2026-11-01T10:40:00Z "
         "1; "
         "2026-11-01T10:40:00Z/2026-11-01T11:44:00Z 1; 2026-11-02T09:04:00Z/2026-11-02T10:08:00Z "
         "1; "},
    };
    int64_t hour;
    size_t i, k;

    (void)state;
    assert_int_equal(timestamp_parse(slice_of("2026-11-01T10:00:00Z"), &hour), 0);
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct trace_bins bins = {0};
        struct trace_list list = {0};
        struct buf got = {0};

        for (k = 0; k < cases[i].n; k++)
            trace_bins_add(&bins, hour + cases[i].seconds[k] * TICKS_PER_SECOND);
        trace_bins_list(&bins, &list);
        for (k = 0; k < list.n; k++)
            buf_printf(&got, "%s; ", list.items[k]);
        assert_string_equal(buf_text(&got), cases[i].bins);
        buf_free(&got);
        trace_list_free(&list);
    }
}

static void of_one_time_a_list_keeps_the_same_whatever_is_read_first(void **state)
{
    static const char *const orders[] = {"abcd", "dcba", "cadb"};
    size_t i, k;

    (void)state;
    for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct trace_list list = {0};

        for (k = 0; k < 4; k++)
            trace_list_add(&list, 3, (struct slice){orders[i] + k, 1}, orders[i][k] == 'd' ? 1 : 2);
        assert_int_equal(list.n, 3);
        assert_string_equal(list.items[0], "d");
        assert_string_equal(list.items[1], "a");
        assert_string_equal(list.items[2], "b");
        trace_list_free(&list);
    }
}

/* An operation that is told by several records is in the bins once. */
static void bins_count_what_a_row_counts(void **state)
{
    struct trace t = {0};

    run(*state, &t,
        GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)
            EVENT("10:00:01", KEYS, SUB "/x", "Started", ID("3") BEN_CALLS)
                EVENT("10:07:02", KEYS, SUB "/x", "Succeeded", ID("3") BEN_CALLS)
                    EVENT("10:00:04", KEYS, SUB "/y", "Failed", ID("4") BEN_CALLS));
    assert_int_equal(t.nrows, 1);
    assert_int_equal(t.rows[0].count, 2);
    assert_int_equal(t.rows[0].bin_texts.n, 1);
    assert_string_equal(t.rows[0].bin_texts.items[0],
                        "2026-11-01T10:00:00Z/2026-11-01T10:01:00Z 2");
    trace_free(&t);
}

/* What a row says of its operations does not depend on which record is read first. */
static void an_operation_is_counted_where_and_when_it_began(void **state)
{
#define UNDER_TWO                                                                                  \
    GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)                                      \
    EVENT("10:00:59", KEYS, SUB "/x", "Started", ID("3") BEN_CALLS)                                \
    ELEVATE("10:01:00", BEN_CALLS)                                                                 \
    EVENT("10:01:02", KEYS, SUB "/x", "Succeeded", ID("3") BEN_CALLS)
    static const char *const bins = "2026-11-01T10:00:00Z/2026-11-01T10:01:00Z 1";
    struct scanning *s = *state;
    struct buf reversed = {0};
    struct trace t = {0};

    expect(s, UNDER_TWO, 0, "0 b222 Assignment /action 1/1/0\n0 b222 Elevation - 0/0/0\n");
    reverse(UNDER_TWO, &reversed);
    run(s, &t, buf_text(&reversed));
    assert_string_equal(t.rows[0].bin_texts.items[0], bins);
    assert_int_equal(t.rows[0].last - t.rows[0].first, 3 * TICKS_PER_SECOND);
    assert_int_equal(t.rows[0].resource_count, 1);
    assert_int_equal(t.rows[1].first, 0);
    trace_free(&t);
    buf_free(&reversed);
}

static void what_only_reads_is_left_out_unless_asked_for(void **state)
{
#define VALIDATED                                                                                  \
    GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)                                      \
    EVENT("10:01:00", "Microsoft.Resources/deployments/validate/action", SUB "/x", "Succeeded",    \
          ID("6") BEN_CALLS)
    expect(*state, VALIDATED, 0, "0 b222 Assignment - 0/0/0\n");
    expect(*state, VALIDATED, 1, "0 b222 Assignment /action 1/1/0\n");
}

static void records_without_ids_are_one_operation_when_close(void **state)
{
    expect(
        *state,
        GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)
            EVENT("10:00:59", KEYS, SUB "/x", "Started", ",\"eventDataId\":\"1\"" BEN_CALLS) EVENT(
                "10:01:01", KEYS, SUB "/x", "Succeeded", ",\"eventDataId\":\"2\"" BEN_CALLS)
                EVENT("10:09:00", KEYS, SUB "/x", "Succeeded", ",\"eventDataId\":\"3\"" BEN_CALLS),
        0, "0 b222 Assignment /action 2/2/0\n");
}

static void those_whom_a_holder_gives_power_are_of_his_story(void **state)
{
    /* Ada elevates, gives Ben Owner at a group; he gives Cleo Owner below it; she works there. */
    expect(*state,
           ELEVATE("09:00:00", ADA_CALLS)
               GIVE("09:10:00", "g1", GROUPS "m", OWNER, BEN, "User", ADA_CALLS)
                   GIVE("09:20:00", "g2", SUB, OWNER, CLEO, "User", BEN_CALLS)
                       EVENT("09:25:00", "Microsoft.Web/sites/write", SUB "/x", "Succeeded",
                             ID("w") BY("cleo@contoso.example", CLEO,
                                        "203.0.113.9") ",\"properties\":{\"hierarchy\":\"t/m/"
                                                       "7b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c\"}"),
           0,
           "0 a111 Elevation /write 1/1/0\n1 b222 Assignment /write 1/1/0\n"
           "2 c333 Assignment /write 1/1/0\n");
    /* Nothing says that the subscription is below the group: then his gift is a story of its own.
     */
    expect(*state,
           GIVE("09:10:00", "g1", GROUPS "m", OWNER, BEN, "User", ADA_CALLS)
               GIVE("09:20:00", "g2", SUB, OWNER, CLEO, "User", BEN_CALLS),
           0, "0 b222 Assignment - 0/0/0\n0 c333 Assignment - 0/0/0\n");
}

static void a_management_group_reaches_what_is_below_it(void **state)
{
#define BELOW(path) ",\"properties\":{\"hierarchy\":\"" path "\"}"
    expect(*state,
           GIVE("09:10:00", "g1", GROUPS "M", OWNER, BEN, "User", ADA_CALLS) EVENT(
               "09:25:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS BELOW("t/a/m/s"))
               EVENT("09:25:00", KEYS, SUB "/2", "Succeeded", ID("2") BEN_CALLS BELOW("t/other/s"))
                   EVENT("09:25:00", KEYS, GROUPS "m/providers/x", "Succeeded", ID("3") BEN_CALLS)
                       EVENT("09:25:00", KEYS, "/providers/x", "Succeeded", ID("4") BEN_CALLS)
           /* known from an event of somebody else */
           EVENT("09:26:00", KEYS, OTHER_SUB "/1", "Succeeded",
                 ID("5") ADA_CALLS BELOW("t/m/8b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c"))
               EVENT("09:27:00", KEYS, OTHER_SUB "/1", "Succeeded", ID("6") BEN_CALLS),
           0, "0 b222 Assignment /action 3/3/0\n");
}

static void power_of_pim_lasts_as_long_as_it_was_asked_for(void **state)
{
#define ACTIVATE(time, request, more)                                                              \
    EVENT(                                                                                         \
        time, "Microsoft.Authorization/roleAssignmentScheduleRequests/write",                      \
        SUB "/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/r" time,            \
        "Succeeded",                                                                               \
        ID("p" time) BEN_CALLS                                                                     \
        ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{\\\"requestType\\\":\\\"" request \
        "\\\",\\\"principalId\\\":\\\"" BEN "\\\",\\\"roleDefinitionId\\\":\\\"x/" OWNER           \
        "\\\"" more "}}\"}")
#define HOURS ",\\\"scheduleInfo\\\":{\\\"expiration\\\":{\\\"duration\\\":\\\"PT2H\\\"}}"
    expect(*state,
           ACTIVATE("08:00:00", "SelfActivate", HOURS)
               EVENT("09:59:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS)
                   EVENT("10:01:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS),
           0, "0 b222 PIM /action 1/1/0\n");
    /* One that is asked for in advance begins when it says. */
    expect(*state,
           ACTIVATE("08:00:00", "SelfActivate",
                    ",\\\"scheduleInfo\\\":{\\\"startDateTime\\\":\\\"2026-11-01T09:00:00Z\\\","
                    "\\\"expiration\\\":{\\\"duration\\\":\\\"PT2H\\\"}}")
               EVENT("08:30:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS)
                   EVENT("10:01:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS),
           0, "0 b222 PIM /action 1/1/0\n");
    /* Its end by request is itself the last thing that was done under it. */
    expect(*state,
           ACTIVATE("08:00:00", "SelfActivate", HOURS)
               EVENT("08:30:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS)
                   ACTIVATE("09:00:00", "SelfDeactivate", "")
                       EVENT("09:59:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS),
           0, "0 b222 PIM /write 1/1/0\n0 b222 PIM /action 1/1/0\n");
}

static void an_act_that_ends_after_the_power_keeps_its_outcome(void **state)
{
#define GRANT GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)
#define BEGIN EVENT("10:59:59", KEYS, SUB "/x", "Started", ID("k") BEN_CALLS)
#define DONE(how) EVENT("11:00:09", KEYS, SUB "/x", how, ID("k") BEN_CALLS)
    struct scanning *s = *state;

    expect(s, GRANT BEGIN END("11:00:00") DONE("Succeeded"), 0,
           "0 b222 Assignment /action 1/1/0\n");
    expect(s, DONE("Failed") END("11:00:00") BEGIN GRANT, 0, "0 b222 Assignment /action 1/0/1\n");
    /* Under another power, of another story, it is still one operation. */
    expect(s,
           GRANT BEGIN ELEVATE("11:00:00", BEN_CALLS) DONE("Succeeded")
               EVENT("11:01:00", KEYS, SUB "/x", "Started", ID("l") BEN_CALLS),
           0, "0 b222 Assignment /action 1/1/0\n0 b222 Elevation /action 1/0/0\n");
}

static void a_subscription_is_below_a_group_from_its_move_on(void **state)
{
#define MOVE(time, how)                                                                            \
    EVENT(time, "Microsoft.Management/managementGroups/subscriptions/" how,                        \
          GROUPS "m/subscriptions/7b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c", "Succeeded",              \
          ID(time) ADA_CALLS)
#define MOVED                                                                                      \
    GIVE("09:10:00", "g1", GROUPS "m", OWNER, BEN, "User", ADA_CALLS)                              \
    EVENT("09:20:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS)                              \
    MOVE("09:30:00", "write")                                                                      \
    EVENT("09:40:00", KEYS, SUB "/2", "Succeeded", ID("2") BEN_CALLS)                              \
    MOVE("09:50:00", "delete")                                                                     \
    EVENT("09:55:00", KEYS, SUB "/3", "Succeeded", ID("3") BEN_CALLS)
    struct scanning *s = *state;

    expect(s, MOVED, 0, "0 b222 Assignment /action 1/1/0\n");
    assert_true(noted(s, MOVED, BEN, "2 records of this holder from places whose management"));
}

/* Events that say several things of one subscription: when it was moved, nothing tells. */
static void where_events_disagree_the_groups_above_are_not_known(void **state)
{
#define IN(time, path)                                                                             \
    EVENT(time, KEYS, SUB "/1", "Succeeded", ID(time) ADA_CALLS BELOW(path "/" SUB_ID))
#define SUB_ID "7b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c"
#define DISAGREED                                                                                  \
    GIVE("09:10:00", "g1", GROUPS "m", OWNER, BEN, "User", ADA_CALLS)                              \
    IN("09:20:00", "t/m")                                                                          \
    IN("09:30:00", "t/other")                                                                      \
    EVENT("09:40:00", KEYS, SUB "/2", "Succeeded", ID("2") BEN_CALLS)
    struct scanning *s = *state;

    expect(s, DISAGREED, 0, "0 b222 Assignment - 0/0/0\n");
    assert_true(noted(s, DISAGREED, BEN, "1 record of this holder from places whose management"));
    /* What an event says itself counts for it. */
    expect(s,
           DISAGREED EVENT("09:50:00", KEYS, SUB "/2", "Succeeded",
                           ID("3") BEN_CALLS BELOW("t/m/" SUB_ID)),
           0, "0 b222 Assignment /action 1/1/0\n");
}

static void what_is_activated_belongs_to_who_made_it_eligible(void **state)
{
#define PIM(time, kind, request, to, who)                                                          \
    EVENT(                                                                                         \
        time, "Microsoft.Authorization/" kind "/write",                                            \
        SUB "/providers/Microsoft.Authorization/" kind "/r" time, "Succeeded",                     \
        ID("p" time) who                                                                           \
        ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{\\\"requestType\\\":\\\"" request \
        "\\\",\\\"principalId\\\":\\\"" to "\\\",\\\"roleDefinitionId\\\":\\\"x/" OWNER            \
        "\\\"}}\"}")
    struct scanning *s = *state;

    expect(s,
           ELEVATE("08:00:00", ADA_CALLS)
               PIM("08:10:00", "roleEligibilityScheduleRequests", "AdminAssign", BEN, ADA_CALLS)
                   PIM("08:20:00", "roleAssignmentScheduleRequests", "SelfActivate", BEN, BEN_CALLS)
                       EVENT("08:30:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS),
           0, "0 a111 Elevation /write 1/1/0\n1 b222 PIM /action 1/1/0\n");
    /* The assignment that PIM then makes is the same power, and its removal the end. */
#define DEED                                                                                       \
    EVENT("08:20:09", "Microsoft.Authorization/roleAssignments/write",                             \
          SUB "/providers/Microsoft.Authorization/roleAssignments/g", "Succeeded",                 \
          ID("a") ",\"claims\":{\"appid\":\"01fc33a7-78ba-4d2f-a4b7-768e336e890e\"},"              \
                  "\"properties\":{\"requestbody\":\"{\\\"properties\\\":{"                        \
                  "\\\"roleDefinitionId\\\":\\\"x/" OWNER "\\\",\\\"principalId\\\":\\\"" BEN      \
                  "\\\"}}\"}")                                                                     \
    EVENT("08:30:00", KEYS, SUB "/1", "Succeeded", ID("1") BEN_CALLS)                              \
    END("08:40:00") EVENT("08:50:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS)
    expect(s,
           PIM("08:20:00", "roleAssignmentScheduleRequests", "SelfActivate", BEN, BEN_CALLS) DEED,
           0, "0 b222 PIM /action 1/1/0\n");
    expect(s,
           ACTIVATE("06:20:00", "AdminAssign",
                    ",\\\"scheduleInfo\\\":{\\\"startDateTime\\\":\\\"2026-11-01T08:20:00Z\\\"}")
               DEED,
           0, "0 b222 PIM /action 1/1/0\n");
    /* However long somebody took to approve it. */
#define STEP(time, title)                                                                          \
    "{\"time\":\"2026-11-01T" time "Z\",\"resourceId\":\"" SUB "\",\"operationName\":\"" title     \
    "\",\"category\":\"Administrative\",\"resultType\":\"Succeeded\",\"correlationId\":\"s\","     \
    "\"properties\":{\"ResourceProviderName\":\"azurerbac\",\"RoleDefinitionOriginId\":\"x/" OWNER \
    "\",\"SubjectID\":\"" BEN "\"}}\n"
    expect(s,
           STEP("06:20:00", "Add member to role requested (PIM activation)")
               STEP("08:20:08", "Add member to role completed (PIM activation)") DEED,
           0, "0 b222 PIM /action 1/1/0\n");
}

static void a_grant_without_outcome_may_have_been_and_ends_with_its_removal(void **state)
{
#define PENDING                                                                                    \
    EVENT("10:00:00", "Microsoft.Authorization/roleAssignments/write",                             \
          SUB "/providers/Microsoft.Authorization/roleAssignments/g", "Started",                   \
          ID("g") ADA_CALLS ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{"             \
                            "\\\"roleDefinitionId\\\":\\\"x/" OWNER                                \
                            "\\\",\\\"principalId\\\":\\\"" BEN "\\\"}}\"}")                       \
    EVENT("10:10:00", KEYS, SUB "/x", "Succeeded", ID("1") BEN_CALLS)                              \
    END("10:20:00") EVENT("10:30:00", KEYS, SUB "/x", "Succeeded", ID("2") BEN_CALLS)
    struct scanning *s = *state;

    expect(s, PENDING, 0, "0 b222 Assignment /action 1/1/0\n");
    assert_true(noted(s, PENDING, BEN, "No record says that the grant succeeded."));
    assert_true(noted(s, PENDING, BEN, "no record of this holder from before the grant"));
}

static void ends_that_are_not_sure_are_told(void **state)
{
#define REMOVAL(time, name, status)                                                                \
    EVENT(time, "Microsoft.Authorization/roleAssignments/delete",                                  \
          SUB "/providers/Microsoft.Authorization/roleAssignments/" name, status,                  \
          ID("end") ADA_CALLS)
    struct scanning *s = *state;

    assert_true(noted(s, GRANT REMOVAL("11:00:00", "g", "Started"), BEN,
                      "A removal was begun at 2026-11-01T11:00:00Z"));
    assert_true(noted(s, GRANT REMOVAL("11:00:00", "other", "Succeeded"), BEN,
                      "removed at 2026-11-01T11:00:00Z; the record does not say whose"));
    assert_false(
        noted(s, REMOVAL("09:00:00", "other", "Succeeded") GRANT, BEN, "does not say whose"));
    assert_false(noted(s, GRANT REMOVAL("11:00:00", "g", "Succeeded"), BEN, "removed at"));
}

static void a_name_of_two_accounts_does_not_say_which(void **state)
{
    expect(*state,
           EVENT("08:00:00", KEYS, SUB "/x", "Succeeded",
                 ID("1") BY("ada@contoso.example", BEN, "203.0.113.7"))
               EVENT("09:00:00", "Microsoft.Authorization/elevateAccess/action", "/providers/x",
                     "Succeeded", ID("2") ",\"caller\":\"ada@contoso.example\"")
                   EVENT("10:00:00", KEYS, SUB "/x", "Succeeded", ID("3") ADA_CALLS),
           0, "0 ada@ Elevation /action 1/1/0\n");
}

static void a_request_that_was_taken_back_gave_nothing(void **state)
{
#define REQUEST SUB "/providers/Microsoft.Authorization/roleAssignmentScheduleRequests/r"
    expect(
        *state,
        EVENT("08:00:00", "Microsoft.Authorization/roleAssignmentScheduleRequests/write", REQUEST,
              "Accepted",
              ID("1") BEN_CALLS
              ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{\\\"principalId\\\":\\\"" BEN
              "\\\",\\\"roleDefinitionId\\\":\\\"x/" OWNER "\\\"}}\"}")
            EVENT("08:10:00",
                  "Microsoft.Authorization/roleAssignmentScheduleRequests/cancel/action", REQUEST,
                  "Succeeded", ID("2") BEN_CALLS)
                EVENT("09:00:00", KEYS, SUB "/x", "Succeeded", ID("3") BEN_CALLS),
        0, "");
}

static void an_event_without_a_resource_is_where_its_subscription_is(void **state)
{
    expect(*state,
           GRANT "{\"eventTimestamp\":\"2026-11-01T11:00:00Z\",\"operationName\":"
                 "\"Microsoft.Subscription/cancel/action\",\"status\":\"Succeeded\","
                 "\"subscriptionId\":\"7b1d8a90-3c4e-4f5a-8b6c-0d9e8f7a6b5c\"" BEN_CALLS "}\n",
           0, "0 b222 Assignment /action 1/1/0\n");
}

static void what_a_role_allows_is_not_claimed(void **state)
{
    const char *log = GIVE("10:00:00", "1", "", READER, BEN, "User", ADA_CALLS)
        EVENT("11:00:00", KEYS, SUB "/x", "Succeeded", ID("k") BEN_CALLS);

    assert_true(noted(*state, log, BEN, "Whether this role allows these operations"));
}

static void grants_that_name_nobody_are_counted(void **state)
{
    const char *log = EVENT("10:00:00", "Microsoft.ManagedServices/registrationAssignments/write",
                            SUB "/providers/Microsoft.ManagedServices/registrationAssignments/r",
                            "Succeeded", ID("1") ADA_CALLS)
        EVENT("10:00:00", "Microsoft.Authorization/classicAdministrators/write",
              SUB "/providers/Microsoft.Authorization/classicAdministrators/c", "Succeeded",
              ID("2") ADA_CALLS);
    struct trace t = {0};

    run(*state, &t, log);
    assert_int_equal(t.holders.others, 2);
    trace_free(&t);
}

static void what_has_no_time_is_told(void **state)
{
    const char *act = GIVE("10:00:00", "1", SUB, OWNER, BEN, "User", ADA_CALLS)
        EVENT("x", KEYS, SUB "/x", "Succeeded", ID("k") BEN_CALLS);
    const char *grant = GIVE("x", "1", SUB, OWNER, BEN, "User", ADA_CALLS)
        EVENT("11:00:00", KEYS, SUB "/x", "Succeeded", ID("k") BEN_CALLS);
    struct scanning *s = *state;
    struct trace t = {0};

    assert_true(noted(s, act, BEN, "1 record of this holder without a time"));
    assert_false(noted(s, act, BEN, "No operation under this power"));
    run(s, &t, grant);
    assert_int_equal(t.holders.untimed, 1);
    trace_free(&t);
}

static void nothing_done_is_said_only_of_what_was_looked_at(void **state)
{
    const char *give = GIVE("10:00:00", "1", SUB, OWNER, BEN, "User", ADA_CALLS);
    const char *by_name = GIVE("10:00:00", "1", SUB, OWNER, BEN, "User", ADA_CALLS)
        EVENT("11:00:00", KEYS, SUB "/x", "Succeeded", ",\"caller\":\"ben@contoso.example\"");
    const char *other = GIVE("10:00:00", "1", SUB, OWNER, BEN, "User", ADA_CALLS)
        EVENT("11:00:00", KEYS, SUB "/x", "Succeeded", ",\"caller\":\"Microsoft.Compute\"");
    struct scanning *s = *state;
    struct trace t = {.since = INT64_C(1)};

    /* Who is known by name alone may be the holder, of whom the log has the id alone. */
    assert_true(noted(s, by_name, BEN, "1 caller by name alone (such as ben@contoso.example)"));
    assert_false(noted(s, by_name, BEN, "No operation under this power"));
    assert_true(noted(s, other, BEN, "No operation under this power is in the logs read"));
    /* What was done outside the time asked for was not looked at. */
    run(s, &t, give);
    assert_int_equal(t.nrows, 1);
    assert_non_null(strstr(t.rows[0].notes[0], "in the time asked for"));
    trace_free(&t);
}

static void of_two_powers_at_once_one_has_the_operations(void **state)
{
    const char *log = GIVE("10:00:00", "1", SUB, OWNER, BEN, "User", ADA_CALLS)
        GIVE("10:10:00", "2", SUB "/resourceGroups/rg", OWNER, BEN, "User", ADA_CALLS)
            EVENT("11:00:00", KEYS, SUB "/resourceGroups/rg/x", "Succeeded", ID("k") BEN_CALLS);
    struct scanning *s = *state;

    assert_true(noted(s, log, BEN, "is counted under that one"));
    assert_false(noted(s, log, BEN, "No operation under this power"));
}

static void a_holder_is_known_by_every_name_that_is_his(void **state)
{
    struct scanning *s = *state;

    /* By name where that was seen with the object id; not where the id is another's. */
    expect(s,
           GIVE("09:10:00", "g1", SUB, OWNER, BEN, "User", ADA_CALLS)
               EVENT("09:25:00", KEYS, SUB "/1", "Succeeded",
                     ID("1") ",\"caller\":\"BEN@contoso.example\"")
                   EVENT("09:26:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS)
                       EVENT("09:27:00", KEYS, SUB "/1", "Succeeded",
                             ID("3") BY("ben@contoso.example", CLEO, "203.0.113.9")),
           0, "0 b222 Assignment /action 2/2/0\n");
    /* A new account with an old name. */
    expect(s,
           EVENT("08:00:00", KEYS, SUB "/1", "Succeeded",
                 ID("0") BY("ben@contoso.example", CLEO, "203.0.113.9"))
               GIVE("09:10:00", "g1", SUB, OWNER, BEN, "User", ADA_CALLS)
                   EVENT("09:26:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS),
           0, "0 b222 Assignment /action 1/1/0\n");
    /* A service principal by its object id, and by its application where there is nothing else. */
    expect(s,
           GIVE("09:10:00", "g1", SUB, OWNER, CLEO, "ServicePrincipal", ADA_CALLS)
               EVENT("09:25:00", KEYS, SUB "/1", "Succeeded",
                     ID("1") ",\"caller\":\"" CLEO "\",\"claims\":{\"oid\":\"" CLEO
                             "\",\"appid\":\"" APP "\"}")
                   EVENT("09:26:00", KEYS, SUB "/1", "Succeeded",
                         ID("2") ",\"claims\":{\"appid\":\"" APP "\"}")
                       EVENT("09:27:00", KEYS, SUB "/1", "Succeeded",
                             ID("3") ",\"claims\":{\"appid\":\"" APP
                                     "\",\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
                                     "upn\":\"x@y\"}"),
           0, "0 c333 Assignment /action 2/2/0\n");
}

static void what_gives_no_power_makes_no_holder(void **state)
{
    struct scanning *s = *state;

    expect(s,
           GIVE("09:10:00", "g1", SUB, READER, BEN, "User", ADA_CALLS)
               EVENT("09:26:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS),
           0, "");
    expect(s,
           EVENT("09:00:00", "Microsoft.Authorization/elevateAccess/action",
                 "/providers/Microsoft.Authorization", "Failed", ID("e") ADA_CALLS)
               EVENT("09:26:00", KEYS, SUB "/1", "Succeeded", ID("2") ADA_CALLS),
           0, "");
    expect(s,
           GIVE("09:10:00", "g1", SUB, OWNER, CLEO, "Group", ADA_CALLS)
               EVENT("09:26:00", KEYS, SUB "/1", "Succeeded", ID("2") BEN_CALLS),
           0, "0 c333 Assignment - 0/0/0\n");
    assert_true(noted(s, GIVE("09:10:00", "g1", SUB, OWNER, CLEO, "Group", ADA_CALLS), CLEO,
                      "A group: this log does not list its members."));
}

static void addresses_that_are_new_are_told_with_others_that_used_them(void **state)
{
#define LOG                                                                                        \
    EVENT("08:00:00", KEYS, OTHER_SUB "/1", "Succeeded",                                           \
          ID("0") BY("ben@contoso.example", BEN, "203.0.113.50"))                                  \
    GIVE("09:10:00", "g1", SUB, OWNER, BEN, "User", ADA_CALLS)                                     \
    EVENT("09:25:00", KEYS, SUB "/1", "Succeeded",                                                 \
          ID("1") BY("ben@contoso.example", BEN, "203.0.113.50"))                                  \
    EVENT("09:26:00", KEYS, SUB "/1", "Succeeded",                                                 \
          ID("2") BY("ben@contoso.example", BEN, "198.51.100.66"))                                 \
    EVENT("07:26:00", KEYS, OTHER_SUB "/1", "Succeeded",                                           \
          ID("3") BY("mallory@fabrikam.example", CLEO, "198.51.100.66"))
    struct scanning *s = *state;

    assert_true(noted(s, LOG, BEN, "not seen with this holder before the grant: 198.51.100.66."));
    assert_false(noted(s, LOG, BEN, "203.0.113.50"));
    assert_true(noted(s, LOG, BEN, "Lead: mallory@fabrikam.example also came from 198.51.100.66."));
}

static void many_grants_of_one_principal_are_followed_in_time(void **state)
{
    struct trace t = {0};
    struct buf log = {0};
    int i;

    /* One that stays, and then thousands that end at once, to hide behind: the first one counts. */
    buf_puts(&log, GIVE("00:00:01", "first", SUB, OWNER, BEN, "User", ADA_CALLS));
    for (i = 0; i < 2000; i++) {
        char line[2048];
        int a = 100 + 20 * i, b = a + 10;

        (void)snprintf(line, sizeof(line),
                       GIVE("%02d:%02d:%02d", "g%d", SUB, OWNER, BEN, "User", ADA_CALLS), a / 3600,
                       a / 60 % 60, a % 60, i, i);
        buf_puts(&log, line);
        (void)snprintf(line, sizeof(line),
                       EVENT("%02d:%02d:%02d", "Microsoft.Authorization/roleAssignments/delete",
                             SUB "/providers/Microsoft.Authorization/roleAssignments/g%d",
                             "Succeeded", ID("d%d") ADA_CALLS),
                       b / 3600, b / 60 % 60, b % 60, i, i);
        buf_puts(&log, line);
    }
    buf_puts(&log, EVENT("23:00:00", KEYS, SUB "/1", "Succeeded", ID("k") BEN_CALLS));
    run(*state, &t, buf_text(&log));
    for (i = 0; i < (int)t.nrows && t.rows[i].operation == NULL; i++)
        ;
    assert_true(i < (int)t.nrows);
    assert_int_equal(t.rows[i].count, 1);
    assert_string_equal(t.holders.powers[t.rows[i].power].finding->text[FINDING_ASSIGNMENT_NAME],
                        "first");
    trace_free(&t);
    buf_free(&log);
}

static void tactics_know_what_is_read_and_what_is_not(void **state)
{
    static const struct {
        const char *operation;
        enum tactic tactic;
        int reads;
    } rows[] = {
        {KEYS, TACTIC_CREDENTIALS, 0},
        {"MICROSOFT.STORAGE/STORAGEACCOUNTS/DELETE", TACTIC_IMPACT, 0},
        {"Microsoft.Authorization/locks/delete", TACTIC_EVASION, 0},
        {"Microsoft.Insights/alertRules/delete", TACTIC_EVASION, 0},
        {"Microsoft.Network/azureFirewalls/networkRuleCollections/write", TACTIC_EVASION, 0},
        {"Microsoft.Network/networkWatchers/startPacketCapture/action", TACTIC_CREDENTIALS, 0},
        {"Microsoft.Portal/consoles/write", TACTIC_EXECUTION, 0},
        {"Microsoft.KeyVault/vaults/keys/delete", TACTIC_IMPACT, 0},
        {"Microsoft.KeyVault/vaults/delete", TACTIC_IMPACT, 0},
        {"Microsoft.Compute/virtualMachines/runCommand/action", TACTIC_EXECUTION, 0},
        {"Microsoft.Compute/snapshots/beginGetAccess/action", TACTIC_EXFILTRATION, 0},
        {"Microsoft.Management/managementGroups/subscriptions/write", TACTIC_HIERARCHY, 0},
        {"Microsoft.Authorization/roleAssignments/write", TACTIC_ESCALATION, 0},
        {"Fabrikam.Special/things/listKeys/action", TACTIC_CREDENTIALS, 0},
        {"Microsoft.Web/sites/write", TACTIC_OTHER, 0},
        {"Microsoft.Web/sites/read", TACTIC_OTHER, 1},
        {"Microsoft.Authorization/policies/audit/action", TACTIC_OTHER, 1},
        {"unknown", TACTIC_OTHER, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct tactics_row *r = tactics_find(slice_of(rows[i].operation));

        if (r->tactic != rows[i].tactic)
            fail_msg("%s is %s", rows[i].operation, tactics_name(r->tactic));
        assert_int_equal(r->techniques[0] == NULL, rows[i].tactic == TACTIC_OTHER);
        assert_int_equal(tactics_only_reads(slice_of(rows[i].operation)), rows[i].reads);
    }
}

/* The type of the first row's holder. */
static void expect_type(struct scanning *s, const char *log, const char *type)
{
    struct trace t = {0};

    run(s, &t, log);
    assert_string_equal(t.holders.principals[t.holders.all[t.rows[0].holder].principal].type, type);
    trace_free(&t);
}

/* A person's token names the application that the person used, which is nobody's name. */
static void the_application_of_a_person_is_not_the_person(void **state)
{
#define GUEST                                                                                      \
    ",\"caller\":\"guest@contoso.example\",\"claims\":{\"oid\":\"" ADA "\",\"appid\":\"" APP "\"}"
    struct scanning *s = *state;

    expect_type(s, ELEVATE("10:00:00", GUEST), "User");
    /* An application that holds power was used by somebody else. */
    expect(s,
           GIVE("10:00:00", "g", SUB, OWNER, BEN, "ServicePrincipal", ADA_CALLS)
               EVENT("10:01:00", KEYS, SUB "/x", "Succeeded",
                     ID("1") ",\"claims\":{\"oid\":\"" BEN "\",\"appid\":\"" APP "\"}")
                   EVENT("10:02:00", KEYS, SUB "/x", "Succeeded",
                         ID("2") ",\"claims\":{\"oid\":\"" CLEO "\",\"appid\":\"" APP "\"}")
                       EVENT("10:03:00", KEYS, SUB "/x", "Succeeded",
                             ID("3") ",\"claims\":{\"appid\":\"" APP "\"}"),
           0, "0 b222 Assignment /action 2/2/0\n");
    /* Not every record of it says which application it is. */
    expect(s,
           GIVE("10:00:00", "g", SUB, OWNER, BEN, "ServicePrincipal", ADA_CALLS)
               EVENT("10:01:00", KEYS, SUB "/x", "Succeeded", ID("1") BY(BEN, BEN, "203.0.113.8"))
                   EVENT("10:02:00", KEYS, SUB "/x", "Succeeded",
                         ID("2") ",\"caller\":\"" BEN "\",\"claims\":{\"oid\":\"" BEN
                                 "\",\"appid\":\"" APP "\"}")
                       EVENT("10:03:00", KEYS, SUB "/x", "Succeeded",
                             ID("3") ",\"caller\":\"" APP "\""),
           0, "0 b222 Assignment /action 3/3/0\n");
}

/* Of several grants the row's own may be the one that is not known to have succeeded. */
static void the_grant_that_a_row_shows_is_doubted(void **state)
{
#define DOUBTED                                                                                    \
    ELEVATE("09:00:00", ADA_CALLS)                                                                 \
    GIVE("10:00:00", "g", SUB, OWNER, BEN, "User", ADA_CALLS)                                      \
    END("10:10:00")                                                                                \
    EVENT("10:20:00", "Microsoft.Authorization/roleAssignments/write",                             \
          SUB "/providers/Microsoft.Authorization/roleAssignments/h", "Started",                   \
          ID("h") ADA_CALLS ",\"properties\":{\"requestbody\":\"{\\\"properties\\\":{"             \
                            "\\\"roleDefinitionId\\\":\\\"x/" OWNER                                \
                            "\\\",\\\"principalId\\\":\\\"" BEN "\\\"}}\"}")                       \
    EVENT("10:30:00", KEYS, SUB "/x", "Succeeded", ID("k") BEN_CALLS)
    assert_true(noted(*state, DOUBTED, BEN, "No record says that the grant succeeded."));
    assert_true(noted(*state, DOUBTED, BEN, "Also held Owner"));
}

/* A name that several accounts have says who it was only as far as power goes; that is told. */
static void records_with_a_name_of_several_accounts_are_not_lost(void **state)
{
#define TENANT(n) ",\"tenantId\":\"" n "0000000-0000-4000-8000-000000000000\""
#define NAME_ALONE ",\"caller\":\"ada@contoso.example\""
#define TWO_ADAS                                                                                   \
    ELEVATE("10:00:00", ADA_CALLS TENANT("1"))                                                     \
    ELEVATE("10:00:30", BY("ada@contoso.example", CLEO, "203.0.113.7") TENANT("2"))
    struct scanning *s = *state;

    expect(s,
           TWO_ADAS EVENT("10:02:00", KEYS, SUB "/x", "Succeeded", ID("1") NAME_ALONE TENANT("1")),
           0, "0 a111 Elevation /action 1/1/0\n0 c333 Elevation - 0/0/0\n");
    expect(s,
           TWO_ADAS EVENT("10:02:00", KEYS, SUB "/x", "Succeeded", ID("1") NAME_ALONE TENANT("2")),
           0, "0 a111 Elevation - 0/0/0\n0 c333 Elevation /action 1/1/0\n");
    assert_true(noted(
        s, TWO_ADAS EVENT("10:02:00", KEYS, SUB "/x", "Succeeded", ID("1") NAME_ALONE TENANT("1")),
        ADA, "1 record of this holder with only a name that is known with several object ids"));
    assert_false(noted(s,
                       TWO_ADAS EVENT("10:02:00", KEYS, SUB "/x", "Succeeded", ID("1") ADA_CALLS),
                       ADA, "with only a name"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scanning_setup, scanning_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_operation_counts_once_and_only_under_power),
        cmocka_unit_test(when_operations_were_is_counted_in_bins_that_grow),
        cmocka_unit_test(of_one_time_a_list_keeps_the_same_whatever_is_read_first),
        CASE(bins_count_what_a_row_counts),
        CASE(an_operation_is_counted_where_and_when_it_began),
        CASE(what_only_reads_is_left_out_unless_asked_for),
        CASE(records_without_ids_are_one_operation_when_close),
        CASE(those_whom_a_holder_gives_power_are_of_his_story),
        CASE(a_management_group_reaches_what_is_below_it),
        CASE(power_of_pim_lasts_as_long_as_it_was_asked_for),
        CASE(an_act_that_ends_after_the_power_keeps_its_outcome),
        CASE(a_subscription_is_below_a_group_from_its_move_on),
        CASE(where_events_disagree_the_groups_above_are_not_known),
        CASE(what_is_activated_belongs_to_who_made_it_eligible),
        CASE(a_grant_without_outcome_may_have_been_and_ends_with_its_removal),
        CASE(ends_that_are_not_sure_are_told),
        CASE(a_name_of_two_accounts_does_not_say_which),
        CASE(a_request_that_was_taken_back_gave_nothing),
        CASE(an_event_without_a_resource_is_where_its_subscription_is),
        CASE(what_a_role_allows_is_not_claimed),
        CASE(grants_that_name_nobody_are_counted),
        CASE(what_has_no_time_is_told),
        CASE(nothing_done_is_said_only_of_what_was_looked_at),
        CASE(of_two_powers_at_once_one_has_the_operations),
        CASE(a_holder_is_known_by_every_name_that_is_his),
        CASE(what_gives_no_power_makes_no_holder),
        CASE(addresses_that_are_new_are_told_with_others_that_used_them),
        CASE(many_grants_of_one_principal_are_followed_in_time),
        CASE(the_application_of_a_person_is_not_the_person),
        CASE(the_grant_that_a_row_shows_is_doubted),
        CASE(records_with_a_name_of_several_accounts_are_not_lost),
        cmocka_unit_test(tactics_know_what_is_read_and_what_is_not),
    };

    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
