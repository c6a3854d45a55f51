/*
 * arm: URLs, scopes, clouds and error bodies of Azure Resource Manager. Pure.
 *
 * Sources: Azure/azure-rest-api-specs, monitor 2015-04-01 (tenantActivityLogs_API.json,
 * activityLogs_API.json); learn.microsoft.com, "Management Groups - List" and "Role Assignments".
 * Clouds: Get-AzEnvironment of Az; for Bleu (France) and Delos (Germany) projectkudu/ARMClient and
 * Azure/bicep, whose AzureGermanyCloud is the latter.
 */
#ifndef AZDAL_NET_ARM_H
#define AZDAL_NET_ARM_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

/* Days that the service keeps events, and how many of them are asked for by default: exactly 90
 * would race with the service's clock. */
#define ARM_RETENTION_DAYS 90
#define ARM_DEFAULT_DAYS 89

enum arm_scope_kind { ARM_TENANT, ARM_MANAGEMENT_GROUP, ARM_SUBSCRIPTION };

/* One scope of events. */
struct arm_scope {
    enum arm_scope_kind kind;
    char *id; /* of the management group or subscription as the server spells it; NULL for tenant */
};

/* What the user wrote for --scope. */
enum arm_wish_kind { ARM_WISH_ONE, ARM_WISH_ALL_GROUPS, ARM_WISH_ALL_SUBSCRIPTIONS, ARM_WISH_ALL };
struct arm_wish {
    enum arm_wish_kind kind;
    struct arm_scope scope; /* for ARM_WISH_ONE */
};

/* A cloud, or what --endpoint stands for. Strings are static or the caller's. */
struct arm_cloud {
    const char *name;         /* "public" ... , or NULL for another endpoint */
    const char *endpoint;     /* without a slash at the end */
    const char *audiences[3]; /* accepted `aud` claims without the slash at the end, NULL last */
};

/* Read "tenant", "mg:ID", "mg:*", "sub:ID", "sub:*", "all". Ids: 1 to 90 characters, no '/', '?',
 * '#', '%', control characters or whitespace; a subscription id is a GUID. ERR_USAGE otherwise. */
int arm_wish_parse(struct arm_wish *w, const char *text, struct err *e);
void arm_scope_free(struct arm_scope *s);
/* Whether an id may stand in a URL's path as one segment: at most 90 characters, as Azure has it,
 * none that means something there, and not dots alone, which would walk up in it. */
int arm_id_is_usable(enum arm_scope_kind kind, const char *id);
/* Append "tenant", "mg:ID" or "sub:ID". */
void arm_scope_print(const struct arm_scope *s, struct buf *out);
/* Append the path of its file without extension: "tenant", "managementGroups/<id>" ... with bytes
 * outside [A-Za-z0-9_.()-], dots at the edges and the first letter of a Windows device name as %XX.
 */
void arm_scope_file(const struct arm_scope *s, struct buf *out);
/* Append the folder of its Hive partition: "scope=tenant", "scope=mg-<id>", "scope=sub-<id>". */
void arm_scope_partition(const struct arm_scope *s, struct buf *out);

/* The cloud of that name (NULL: public). NULL if there is none. */
const struct arm_cloud *arm_cloud_find(const char *name);
/* The clouds in order: the i-th, from 0; NULL behind the last. */
const struct arm_cloud *arm_cloud_at(size_t i);
/* The cloud whose endpoint this is (no slash at the end), or NULL. */
const struct arm_cloud *arm_cloud_of(const char *endpoint);
/* The audiences of every cloud, NULL last: what a token for some other endpoint may be made for. */
const char *const *arm_audiences(void);

/* Append the URL that asks for events of s with `from` <= eventTimestamp <= `to`, both in ticks of
 * whole seconds (the caller has rounded outwards). This and the next three leave *out terminated.
 */
void arm_events_url(struct buf *out, const char *endpoint, const struct arm_scope *s, int64_t from,
                    int64_t to);
void arm_subscriptions_url(struct buf *out, const char *endpoint);
void arm_groups_url(struct buf *out, const char *endpoint);
/* What the account may do at a scope. */
void arm_permissions_url(struct buf *out, const char *endpoint, const struct arm_scope *s);
/* group NULL: the root scope "/". */
void arm_assignments_url(struct buf *out, const char *endpoint, const char *group);

/* The server's own words, cleaned by err_clean_text; "" where it gave none. */
struct arm_error {
    char code[128];
    char message[404]; /* for messages */
    char whole[1024];  /* for the manifest; Azure's are 200 to 500 bytes long */
    int is_page;       /* it is HTML: not the service's words; message is the page's title */
};
/* Read both shapes of error body, in any letter case, or a web page; anything else leaves all "".
 */
void arm_error_parse(struct arm_error *out, struct slice body);

/* Whether a final answer says that the service will not serve the scope, whoever asks: it is
 * disabled, deleted, not registered or not there. */
int arm_error_unavailable(int status, const struct arm_error *words);

/* A web page came in place of an answer, with that status and title (""  if none): ERR_UNTRUSTED
 * for 200, else ERR_NETWORK, whatever the status would mean from the service. Returns -1. */
int arm_explain_page(struct err *e, int status, const char *title);

/*
 * Turn a final answer other than 2xx about scope s (NULL: a list, no scope is named) into *e: code
 * by status (401 and 403 are ERR_AUTH, other 4xx but 408 and 429 ERR_REFUSED, else ERR_NETWORK),
 * message "<scope>: HTTP <status> <code>: <message>", and the hint that fits the code: where a role
 * helps, the missing right with the least role that grants it, which is Reader at
 * /providers/Microsoft.Insights for the tenant's log. Always returns -1.
 */
int arm_explain(struct err *e, const struct arm_scope *s, int status,
                const struct arm_error *words);

#endif
