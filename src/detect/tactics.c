#include "detect/tactics.h"

#include "detect/rules.h"
#include "detect/tactics_table.h"

#include <string.h>

const struct tactics_row *tactics_find(struct slice operation)
{
    const struct tactics_row *r = tactics_table;

    while (!rules_match(r->operation, operation))
        r++;
    return r;
}

const char *tactics_name(enum tactic t)
{
    static const char *const names[] = {"Privilege escalation",
                                        "Hierarchy",
                                        "Credential access",
                                        "Execution",
                                        "Defence evasion",
                                        "Collection and exfiltration",
                                        "Impact",
                                        "Other"};

    return names[t];
}

int tactics_only_reads(struct slice operation)
{
    /* Azure checks policies in the course of somebody's write, in that caller's name. */
    static const char *const patterns[] = {"*/read",
                                           "Microsoft.Authorization/policies/*/action",
                                           "*/validate/action",
                                           "*/whatIf/action",
                                           "*/exportTemplate/action",
                                           "*/checkNameAvailability/action",
                                           "*/checkPolicyRestrictions/action",
                                           "*/calculateTemplateHash/action",
                                           "*/query/action",
                                           "Microsoft.ResourceHealth/*",
                                           "Microsoft.ResourceGraph/resources/action",
                                           "Microsoft.CostManagement/query/action"};
    size_t i;

    for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (rules_match(patterns[i], operation))
            return 1;
    }
    return 0;
}
