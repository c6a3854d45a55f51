/*
 * roles: the built-in roles of Azure, by id. Names and ids are public facts.
 */
#ifndef AZDAL_DETECT_ROLES_H
#define AZDAL_DETECT_ROLES_H

#include "detect/rules.h"

/* The role that an elevation gives. */
#define ROLES_USER_ACCESS_ADMINISTRATOR "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
#define ROLES_SECURITY_ADMIN "fb1c8493-542b-48eb-b624-b4c8fea62acd"
#define ROLES_SECURITY_READER "39bc4728-0917-49c7-9d2c-d95423bc2eb4"

/* Name of a built-in role, or NULL. guid: lower case with dashes. */
const char *roles_name(const char *guid);

/* Class of a role; guid may be NULL (ROLE_UNKNOWN). */
enum role_class roles_class(const char *guid);

#endif
