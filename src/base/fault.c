/* Built only into the variant "fault" (see the Makefile). */
#include "base/fault.h"

#include "base/sys.h"

#include <stdlib.h>
#include <string.h>

void fault_point(const char *name);

void fault_point(const char *name)
{
    static int passed;
    const char *wanted = getenv("AZDAL_FAULT");
    size_t n = strlen(name);
    long times = 1;

    if (wanted == NULL || strncmp(wanted, name, n) != 0)
        return;
    if (wanted[n] == ':')
        times = strtol(wanted + n + 1, NULL, 10);
    else if (wanted[n] != '\0')
        return;
    if (++passed >= times)
        sys_die();
}
