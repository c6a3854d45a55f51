#include <stdlib.h>

int f(int n);

int f(int n)
{
    int *p = malloc(sizeof(*p));

    if (n > 0)
        return n;
    free(p);
    return 0;
}
