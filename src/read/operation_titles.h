/*
 * operation_titles: operations by the name that people see, where a saved log holds no other. Pure.
 */
#ifndef AZDAL_READ_OPERATION_TITLES_H
#define AZDAL_READ_OPERATION_TITLES_H

#include "base/buf.h"

/* The operation that is shown under a title in one of the languages known here, or NULL. */
const char *operation_titles_find(struct slice title);

#endif
