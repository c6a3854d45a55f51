#include "acquire/context.h"

#include <stdarg.h>
#include <stdio.h>

/* Room for the longest line: a name, a server's words and what they mean. */
#define CONTEXT_LINE_MAX 2048

void context_warn(const struct context *r, const char *fmt, ...)
{
    char text[CONTEXT_LINE_MAX];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    r->w->warning(r->w->arg, text);
}
