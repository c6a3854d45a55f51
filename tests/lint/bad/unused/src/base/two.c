#include "base/one.h"

int two_more(int n)
{
    return one_more(one_more(n));
}
