#include "cli/options_table.h"

#define READERS (COMMAND_SCAN | COMMAND_CAT)

static const struct options_word words_split[] = {{"none", 0}, {"day", 1}, {NULL, 0}};
static const struct options_word words_progress[] = {{"auto", PROGRESS_AUTO},
                                                     {"bar", PROGRESS_BAR},
                                                     {"json", PROGRESS_JSON},
                                                     {"none", PROGRESS_NONE},
                                                     {NULL, 0}};
static const struct options_word words_severity[] = {
    {"informational", 0}, {"low", 1}, {"medium", 2}, {"high", 3}, {"critical", 4}, {NULL, 0}};

#define AT(member) offsetof(struct options, member)
#define ACQUIRE COMMAND_ACQUIRE
#define EVERY                                                                                      \
    (COMMAND_ACQUIRE | COMMAND_SCAN | COMMAND_CAT | COMMAND_VERIFY | COMMAND_RULES | COMMAND_TRACE)

const struct options_row options_rows[] = {
    {"since", "T", ACQUIRE | READERS | COMMAND_TRACE, KIND_TEXT, AT(since), 0, 0, NULL, 0,
     "only events at or after this time: ISO 8601, a date, or an age such as 7d, 12h or 30m; UTC "
     "unless it has a zone (acquire: default 89d)"},
    {"until", "T", ACQUIRE | READERS | COMMAND_TRACE, KIND_TEXT, AT(until), 0, 0, NULL, 0,
     "only events before this time (acquire: default now)"},
    {"scope", "S", ACQUIRE, KIND_LIST, AT(scopes), 0, 0, NULL, 0,
     "tenant (default), mg:ID, mg:*, sub:ID, sub:* or all; may be repeated"},
    {"cloud", "NAME", ACQUIRE, KIND_CLOUD, AT(cloud), 0, 0, NULL, 0,
     "public (default), usgov, china, bleu or delos"},
    {"endpoint", "URL", ACQUIRE, KIND_TEXT, AT(endpoint), 0, 0, NULL, 0,
     "another Azure Resource Manager endpoint"},
    {"audience", "URI", ACQUIRE, KIND_TEXT, AT(audience), 0, 0, NULL, 0,
     "with --endpoint: the audience of its tokens, for example on Azure Stack"},
    {"token-command", "CMD", ACQUIRE, KIND_TEXT, AT(token_command), 0, 0, NULL, 1,
     "run CMD and use the bearer token for Azure Resource Manager that it prints"},
    {"token-file", "FILE", ACQUIRE, KIND_TEXT, AT(token_file), 0, 0, NULL, 0,
     "read the token from FILE, and again when a new one is needed"},
    {"token-stdin", NULL, ACQUIRE, KIND_FLAG, AT(token_stdin), 0, 0, NULL, 0,
     "read tokens from standard input, one per line, each when it is needed"},
    {"connections", "N", ACQUIRE, KIND_NUMBER, AT(connections), 1, 64, NULL, 0,
     "open at most N connections, 1 to 64 (default 8)"},
    {"level", "N", ACQUIRE, KIND_NUMBER, AT(level), 1, 9, NULL, 0,
     "gzip compression level, 1 to 9 (default 6)"},
    {"split", "HOW", ACQUIRE, KIND_CHOICE, AT(split_day), 0, 0, words_split, 0,
     "none (default), or day: one file per scope and UTC day, in Hive-style folders"},
    {"role-assignments", NULL, ACQUIRE, KIND_FLAG, AT(role_assignments), 0, 0, NULL, 0,
     "also save the role assignments at / and at every management group"},
    {"strict", NULL, ACQUIRE, KIND_FLAG, AT(strict), 0, 0, NULL, 0,
     "follow every range to its last link instead of trusting the order of pages"},
    {"stdout", NULL, ACQUIRE, KIND_FLAG, AT(to_stdout), 0, 0, NULL, 0,
     "write one scope to standard output instead of to DIR, as plain NDJSON, oldest first"},
    {"newest", "N", ACQUIRE, KIND_NUMBER, AT(newest), 1, 1000000000, NULL, 0,
     "with --stdout: only the newest N events, newest first"},
    {"progress", "HOW", ACQUIRE, KIND_CHOICE, AT(progress), 0, 0, words_progress, 0,
     "auto (default), bar, json (one JSON object per line on standard error) or none"},
    {"cacert", "FILE", ACQUIRE, KIND_TEXT, AT(cacert), 0, 0, NULL, 0,
     "trust the certificates in FILE (PEM) instead of the system's"},
    {"restart", NULL, ACQUIRE, KIND_FLAG, AT(restart), 0, 0, NULL, 0,
     "start over; a published export stays until the new one replaces it"},
    {"quiet", NULL, ACQUIRE, KIND_FLAG, AT(quiet), 0, 0, NULL, 0,
     "print only errors on standard error"},
    {"verbose", NULL, ACQUIRE, KIND_FLAG, AT(verbose), 0, 0, NULL, 0,
     "also report requests, retries and waits"},
    {"format", "F", READERS | COMMAND_TRACE, KIND_FORMAT, AT(format), 0, 0, NULL, 0,
     "scan and trace: table (default), ndjson or csv; scan: also records; cat: ndjson (default), "
     "json, columns or csv"},
    {"operation", "NAME", READERS, KIND_TEXT, AT(operation), 0, 0, NULL, 0,
     "only this operation, in any letter case; * stands for any text"},
    {"caller", "WHO", READERS | COMMAND_TRACE, KIND_TEXT, AT(caller), 0, 0, NULL, 0,
     "only events of this caller (trace: of this holder), in any letter case"},
    {"events", NULL, COMMAND_TRACE, KIND_FLAG, AT(events), 0, 0, NULL, 0,
     "print each event that a holder caused with that power, as NDJSON, instead of the totals"},
    {"all", NULL, COMMAND_TRACE, KIND_FLAG, AT(all), 0, 0, NULL, 0, "include read-only operations"},
    {"min-severity", "S", COMMAND_SCAN, KIND_CHOICE, AT(min_severity), 0, 0, words_severity, 0,
     "informational (default), low, medium, high or critical"},
    {"help", NULL, EVERY, KIND_FLAG, AT(help), 0, 0, NULL, 0, "print this help"},
    {"version", NULL, EVERY, KIND_FLAG, AT(version), 0, 0, NULL, 0, "print the version"},
    {NULL, NULL, 0, KIND_FLAG, 0, 0, 0, NULL, 0, NULL},
};

_Static_assert(sizeof(options_rows) / sizeof(options_rows[0]) <= OPTIONS_ROWS_MAX,
               "options_parse notes which rows were seen");

const struct options_command options_commands[] = {
    {COMMAND_ACQUIRE, "acquire", "azdal acquire [options] DIR",
     "fetch into DIR; the same command again resumes or brings it up to date", 0, 1},
    {COMMAND_SCAN, "scan", "azdal scan [options] PATH...",
     "findings from exports or from any saved log file; - is standard input", 1, (size_t)-1},
    {COMMAND_CAT, "cat", "azdal cat [options] PATH...",
     "events, as NDJSON or flattened, from the same inputs", 1, (size_t)-1},
    {COMMAND_TRACE, "trace", "azdal trace [options] PATH...",
     "what the holders of granted power did with it, from the same inputs", 1, (size_t)-1},
    {COMMAND_VERIFY, "verify", "azdal verify DIR", "recompute every digest and count of an export",
     1, 1},
    {COMMAND_RULES, "rules", "azdal rules", "the rules that scan applies", 0, 0},
    {COMMAND_NONE, NULL, NULL, NULL, 0, 0},
};
