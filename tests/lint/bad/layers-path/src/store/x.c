#include "../base/err.h"
