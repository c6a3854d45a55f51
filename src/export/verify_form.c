/* The form of a manifest and the texts in it: as azdal writes them. */
#include "export/verify_ledger.h"

#include "base/text.h"
#include "base/version.h"

#include <string.h>

/* Bytes of a text that is looked at; a longer one is none of ours. */
#define TEXT_MAX_BYTES 2048

#define TOOL "azdal "
#define GROUPS "/providers/Microsoft.Management/managementGroups"

/* Whether a text has something to show, and nothing that a terminal would obey or hide. */
static int is_clean(const char *text)
{
    char shown[TEXT_MAX_BYTES];

    text_clean(shown, sizeof(shown), slice_of(text));
    return *text != '\0' && strcmp(shown, text) == 0;
}

static int is_tool(const char *text)
{
    return strncmp(text, TOOL, strlen(TOOL)) == 0 && text[strlen(TOOL)] >= '0' &&
           text[strlen(TOOL)] <= '9' && is_clean(text);
}

static int is_endpoint(const char *text)
{
    const char *rest = text + (strncmp(text, "https://", 8) == 0  ? 8
                               : strncmp(text, "http://", 7) == 0 ? 7
                                                                  : strlen(text));

    return *rest != '\0' && *rest != '/' && strpbrk(text, " \\\"<>") == NULL && is_clean(text);
}

static int is_guid(const char *text)
{
    return text_is_guid(slice_of(text));
}

/* Where role assignments are read: `/`, the list of management groups, or one of them. */
static int is_role_scope(const char *text)
{
    size_t n = strlen(GROUPS);

    return strcmp(text, "/") == 0 ||
           (text_starts_nocase(slice_of(text), GROUPS) && is_clean(text) &&
            (text[n] == '\0' ||
             (text[n] == '/' && text[n + 1] != '\0' && strchr(text + n + 1, '/') == NULL)));
}

/* Texts that azdal puts together itself or cleans. */
static void check_texts(const struct manifest *m, struct verify_report *r)
{
    const struct verify_place at = {.name = MANIFEST_NAME};
    const struct {
        const char *text;
        int (*fits)(const char *text);
        const char *why;
    } rows[] = {
        {m->tool, is_tool, "tool: not the name of this program and a version"},
        {m->endpoint, is_endpoint, "endpoint: not an http or https URL"},
        {m->tenant_id, is_guid, "identity.tenantId: not a GUID"},
        {m->object_id, is_clean, "identity.objectId: empty, or with characters that hide"},
        {m->name, is_clean, "identity.name: empty, or with characters that hide"},
        {m->app_id, is_clean, "identity.appId: empty, or with characters that hide"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].text != NULL && !rows[i].fits(rows[i].text))
            verify_report_problem(r, &at, "%s", rows[i].why);
    }
    for (i = 0; i < m->nassignment_scopes; i++) {
        if (!is_role_scope(m->assignment_scopes[i].scope))
            verify_report_problem(r, &at,
                                  "roleAssignments.scopes[%zu].scope: not `/` or a "
                                  "management group",
                                  i);
    }
}

/* Whether something in the manifest is of a version that looked up the right to read. */
static int is_newer(const struct manifest *m)
{
    size_t i;

    for (i = 0; i < m->nscopes; i++) {
        const struct manifest_scope *s = &m->scopes[i];

        if (!s->right_unsaid || strcmp(s->status, "unavailable") == 0 ||
            (s->error_code != NULL && strcmp(s->error_code, MANIFEST_NO_RIGHT) == 0))
            return 1;
    }
    return m->assignments_data != NULL;
}

/* Versions that say rightShown of one scope say it of every one. */
static void check_rights(const struct manifest *m, struct verify_report *r)
{
    int newer = is_newer(m);
    size_t i;

    for (i = 0; i < m->nscopes && newer; i++) {
        const struct verify_place at = {.name = MANIFEST_NAME, .scope = m->scopes[i].scope};

        if (m->scopes[i].right_unsaid)
            verify_report_problem(r, &at, "rightShown is missing");
    }
}

void verify_form(const struct manifest *m, struct verify_report *r)
{
    const struct verify_place at = {.name = MANIFEST_NAME};

    if (m->form == MANIFEST_FORM_OTHER)
        verify_report_problem(r, &at,
                              "not in the form that azdal writes: the order of its members, or "
                              "how values are written");
    else if (m->form == MANIFEST_FORM_MORE && strcmp(m->tool, TOOL AZDAL_VERSION) == 0)
        verify_report_problem(r, &at, "it has members that %s does not write", m->tool);
    check_texts(m, r);
    check_rights(m, r);
}
