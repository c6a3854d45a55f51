#include <string.h>

int f(const char *a, const char *b);

int f(const char *a, const char *b)
{
    if (strcmp(a, b) == -1)
        return 1;
    return 0;
}
