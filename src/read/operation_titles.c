#include "read/operation_titles.h"

#include <stddef.h>

#define AUTHORIZATION "Microsoft.Authorization/"
#define ASSIGN AUTHORIZATION "roleAssignments/write"
#define UNASSIGN AUTHORIZATION "roleAssignments/delete"
#define DEFINE AUTHORIZATION "roleDefinitions/write"
#define UNDEFINE AUTHORIZATION "roleDefinitions/delete"

/*
 * Titles as Azure's portal and PowerShell show them; other languages from Microsoft's translations
 * of "View activity logs for Azure RBAC changes". UTF-8; the case of ASCII letters is ignored.
 */
static const struct {
    const char *title, *operation;
} titles[] = {
    {"Assigns the caller to User Access Administrator role", AUTHORIZATION "elevateAccess/action"},
    {"Elevate access", AUTHORIZATION "elevateAccess/action"},
    {"Create role assignment", ASSIGN},
    {"Delete role assignment", UNASSIGN},
    {"Create or update custom role definition", DEFINE},
    {"Delete custom role definition", UNDEFINE},
    {"Create role assignment schedule request",
     AUTHORIZATION "roleAssignmentScheduleRequests/write"},
    {"Create role eligibility schedule request",
     AUTHORIZATION "roleEligibilityScheduleRequests/write"},
    {"Create policy assignment", AUTHORIZATION "policyAssignments/write"},
    {"Delete policy assignment", AUTHORIZATION "policyAssignments/delete"},
    {"Create or update policy exemption", AUTHORIZATION "policyExemptions/write"},
    {"Delete management locks", AUTHORIZATION "locks/delete"},
    {"Create or update resource diagnostic setting", "Microsoft.Insights/diagnosticSettings/write"},
    {"Delete resource diagnostic setting", "Microsoft.Insights/diagnosticSettings/delete"},
    {"Create or update diagnostic setting", "Microsoft.Insights/diagnosticSettings/write"},
    {"Delete diagnostic setting", "Microsoft.Insights/diagnosticSettings/delete"},
    {"Register tenant", "Microsoft.Resources/tenants/register/action"},
    {"Unregister tenant", "Microsoft.Resources/tenants/unregister/action"},
    /* German */
    {"Rollenzuweisung erstellen", ASSIGN},
    {"Rollenzuweisung l\xc3\xb6schen", UNASSIGN},
    {"Benutzerdefinierte Rollendefinition erstellen oder aktualisieren", DEFINE},
    {"Benutzerdefinierte Rollendefinition l\xc3\xb6schen", UNDEFINE},
    /* Spanish */
    {"Crear una asignaci\xc3\xb3n de rol", ASSIGN},
    {"Crear asignaci\xc3\xb3n de rol", ASSIGN},
    {"Crear asignaci\xc3\xb3n de roles", ASSIGN},
    {"Eliminar asignaci\xc3\xb3n de rol", UNASSIGN},
    {"Eliminar asignaci\xc3\xb3n de roles", UNASSIGN},
    {"Crear o actualizar la definici\xc3\xb3n de roles personalizados", DEFINE},
    {"Eliminar definici\xc3\xb3n de roles personalizados", UNDEFINE},
    /* French */
    {"Cr\xc3\xa9"
     "er une attribution de r\xc3\xb4le",
     ASSIGN},
    {"Supprimer une attribution de r\xc3\xb4le", UNASSIGN},
    {"Cr\xc3\xa9"
     "er ou mettre \xc3\xa0 jour une d\xc3\xa9"
     "finition de r\xc3\xb4le personnalis\xc3\xa9",
     DEFINE},
    {"Supprimer une d\xc3\xa9"
     "finition de r\xc3\xb4le personnalis\xc3\xa9",
     UNDEFINE},
    /* Swedish */
    {"Skapa rolltilldelning", ASSIGN},
    {"Ta bort rolltilldelning", UNASSIGN},
    {"Skapa eller uppdatera en anpassad rolldefinition", DEFINE},
    {"Ta bort anpassad rolldefinition", UNDEFINE},
    /* Italian */
    {"Crea assegnazione ruolo", ASSIGN},
    {"Elimina assegnazione ruolo", UNASSIGN},
    {"Crea o aggiorna la definizione del ruolo personalizzata", DEFINE},
    {"Elimina la definizione del ruolo personalizzata", UNDEFINE},
    /* Portuguese */
    {"Criar atribui\xc3\xa7\xc3\xa3o de fun\xc3\xa7\xc3\xa3o", ASSIGN},
    {"Excluir atribui\xc3\xa7\xc3\xa3o de fun\xc3\xa7\xc3\xa3o", UNASSIGN},
    {"Criar ou atualizar defini\xc3\xa7\xc3\xa3o de fun\xc3\xa7\xc3\xa3o personalizada", DEFINE},
    {"Excluir defini\xc3\xa7\xc3\xa3o de fun\xc3\xa7\xc3\xa3o personalizada", UNDEFINE},
    /* Japanese */
    {"\xe3\x83\xad\xe3\x83\xbc\xe3\x83\xab\xe5\x89\xb2\xe3\x82\x8a\xe5\xbd\x93\xe3\x81\xa6\xe3\x81"
     "\xae\xe4\xbd\x9c\xe6\x88\x90",
     ASSIGN},
    {"\xe3\x83\xad\xe3\x83\xbc\xe3\x83\xab\xe5\x89\xb2\xe3\x82\x8a\xe5\xbd\x93\xe3\x81\xa6\xe3\x81"
     "\xae\xe5\x89\x8a\xe9\x99\xa4",
     UNASSIGN},
    {"\xe3\x82\xab\xe3\x82\xb9\xe3\x82\xbf\xe3\x83\xa0\xe3\x81\xae\xe3\x83\xad\xe3\x83\xbc\xe3\x83"
     "\xab\xe5\xae\x9a\xe7\xbe\xa9\xe3\x81\xae\xe4\xbd\x9c\xe6\x88\x90\xe3\x81\xbe\xe3\x81\x9f\xe3"
     "\x81\xaf\xe6\x9b\xb4\xe6\x96\xb0",
     DEFINE},
    {"\xe3\x82\xab\xe3\x82\xb9\xe3\x82\xbf\xe3\x83\xa0\xe3\x81\xae\xe3\x83\xad\xe3\x83\xbc\xe3\x83"
     "\xab\xe5\xae\x9a\xe7\xbe\xa9\xe3\x81\xae\xe5\x89\x8a\xe9\x99\xa4",
     UNDEFINE},
    /* Chinese */
    {"\xe5\x88\x9b\xe5\xbb\xba\xe8\xa7\x92\xe8\x89\xb2\xe5\x88\x86\xe9\x85\x8d", ASSIGN},
    {"\xe5\x88\xa0\xe9\x99\xa4\xe8\xa7\x92\xe8\x89\xb2\xe5\x88\x86\xe9\x85\x8d", UNASSIGN},
    {"\xe5\x88\x9b\xe5\xbb\xba\xe6\x88\x96\xe6\x9b\xb4\xe6\x96\xb0\xe8\x87\xaa\xe5\xae\x9a\xe4\xb9"
     "\x89\xe8\xa7\x92\xe8\x89\xb2\xe5\xae\x9a\xe4\xb9\x89",
     DEFINE},
    {"\xe5\x88\xa0\xe9\x99\xa4\xe8\x87\xaa\xe5\xae\x9a\xe4\xb9\x89\xe8\xa7\x92\xe8\x89\xb2\xe5\xae"
     "\x9a\xe4\xb9\x89",
     UNDEFINE},
};

const char *operation_titles_find(struct slice title)
{
    size_t i;

    for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        if (slice_equals_nocase(title, titles[i].title))
            return titles[i].operation;
    }
    return NULL;
}
