#include "detect/finding.h"
