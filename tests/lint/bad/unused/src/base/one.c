#include "base/one.h"

int one_more(int n)
{
    return n + 1;
}

int one_less(int n)
{
    return n - 1;
}
