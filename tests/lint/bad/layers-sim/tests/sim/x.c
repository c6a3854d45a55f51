#include "acquire/page.h"
