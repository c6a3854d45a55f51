#include "detect/roles.h"

#include <string.h>

/*
 * One built-in role. Ids and names are those of Microsoft's "Azure built-in roles"
 * (learn.microsoft.com/azure/role-based-access-control/built-in-roles), April 2026.
 */
struct role {
    const char *guid, *name;
    enum role_class role_class;
};

static const struct role roles[] = {
    {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ROLE_GRANTS_ROLES},
    {ROLES_USER_ACCESS_ADMINISTRATOR, "User Access Administrator", ROLE_GRANTS_ROLES},
    {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator",
     ROLE_GRANTS_ROLES},
    {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", ROLE_CONTRIBUTOR},
    {"a8889054-8d42-49c9-bc1c-52486c10e7cd", "Reservations Administrator", ROLE_PRIVILEGED},
    {"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ROLE_ORDINARY},
    {"43d0d8ad-25c7-4714-9337-8ba259a9fe05", "Monitoring Reader", ROLE_ORDINARY},
    {"749f88d5-cbae-40b8-bcfc-e573ddc772fa", "Monitoring Contributor", ROLE_ORDINARY},
    {"92aaf0da-9dab-42b6-94a3-d43ce8d16293", "Log Analytics Contributor", ROLE_ORDINARY},
    {"73c42c96-874c-492b-b04d-ab87d138a893", "Log Analytics Reader", ROLE_ORDINARY},
    {ROLES_SECURITY_ADMIN, "Security Admin", ROLE_ORDINARY},
    {ROLES_SECURITY_READER, "Security Reader", ROLE_ORDINARY},
    {"ab8e14d6-4a74-4a29-9ba8-549422addade", "Microsoft Sentinel Contributor", ROLE_ORDINARY},
    {"8d289c81-5878-46d4-8554-54e1e3d8b5cb", "Microsoft Sentinel Reader", ROLE_ORDINARY},
    {"3e150937-b8fe-4cfb-8069-0eaf05ecd056", "Microsoft Sentinel Responder", ROLE_ORDINARY},
    {"00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", ROLE_ORDINARY},
    {"8b54135c-b56d-4d72-a534-26097cfdc8d8", "Key Vault Data Access Administrator", ROLE_ORDINARY},
    {"f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", ROLE_ORDINARY},
    {"b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", ROLE_ORDINARY},
    {"4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", ROLE_ORDINARY},
    {"b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner", ROLE_ORDINARY},
    {"ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor", ROLE_ORDINARY},
    {"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", ROLE_ORDINARY},
    {"17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor", ROLE_ORDINARY},
    {"92b92042-07d9-4307-87f7-36a593fc5850", "Azure File Sync Administrator", ROLE_ORDINARY},
    {"dffb1e0c-446f-4dde-a09f-99eb5cc68b96", "Azure Arc Kubernetes Admin", ROLE_ORDINARY},
    {"0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", "Azure Kubernetes Service Cluster Admin Role",
     ROLE_ORDINARY},
    {"7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", ROLE_ORDINARY},
    {"8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush", ROLE_ORDINARY},
    {"150f5e0c-0603-4f03-8c7f-cf70034c4e90", "Data Purger", ROLE_ORDINARY},
    {"9980e02c-c2be-4d73-94e8-173b1dc7cf3c", "Virtual Machine Contributor", ROLE_ORDINARY},
    {"1c0163c0-47e6-4577-8991-ea5c82e286e4", "Virtual Machine Administrator Login", ROLE_ORDINARY},
    {"4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor", ROLE_ORDINARY},
    {"de139f84-1756-47ae-9be6-808fbbe84772", "Website Contributor", ROLE_ORDINARY},
    {"f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator", ROLE_ORDINARY},
    {"e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", "Managed Identity Contributor", ROLE_ORDINARY},
    {"5d58bcaf-24a5-4b20-bdb6-eed9f69fbe4c", "Management Group Contributor", ROLE_ORDINARY},
    {"ac63b705-f282-497d-ac71-919bf39d939d", "Management Group Reader", ROLE_ORDINARY},
    {"350f8d15-c687-4448-8ae1-157740a3936d", "Hierarchy Settings Administrator", ROLE_ORDINARY},
    {"36243c78-bf99-498c-9df9-86d9f8d28608", "Resource Policy Contributor", ROLE_ORDINARY},
    {"41077137-e803-4205-871c-5a86e6a753b4", "Blueprint Contributor", ROLE_ORDINARY},
    {"91c1777a-f3dc-4fae-b103-61d183457e46", "Managed Services Registration assignment Delete Role",
     ROLE_ORDINARY},
    {"fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64", "Billing Reader", ROLE_ORDINARY},
    {"72fafb9e-0641-4937-9268-a91bfd8191a3", "Cost Management Reader", ROLE_ORDINARY},
    {"434105ed-43f6-45c7-a02f-909b2ba83430", "Cost Management Contributor", ROLE_ORDINARY},
    {"cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e", "Support Request Contributor", ROLE_ORDINARY},
};

/* The row of a role, or NULL. */
static const struct role *find(const char *guid)
{
    size_t i;

    for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (strcmp(roles[i].guid, guid) == 0)
            return &roles[i];
    }
    return NULL;
}

const char *roles_name(const char *guid)
{
    const struct role *r = find(guid);

    return r == NULL ? NULL : r->name;
}

enum role_class roles_class(const char *guid)
{
    const struct role *r;

    if (guid == NULL)
        return ROLE_UNKNOWN;
    r = find(guid);
    return r == NULL ? ROLE_CUSTOM : r->role_class;
}
