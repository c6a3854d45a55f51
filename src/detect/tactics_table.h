/*
 * tactics_table: the rows of tactics, for tactics.c alone. The last one covers everything.
 */
#ifndef AZDAL_DETECT_TACTICS_TABLE_H
#define AZDAL_DETECT_TACTICS_TABLE_H

#include "detect/tactics.h"

#include <stddef.h>

extern const struct tactics_row tactics_table[];

#endif
