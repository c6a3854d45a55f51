#include "net/secret.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void secret_wipe(struct buf *b)
{
    mem_wipe(b->data, b->cap);
    b->len = 0;
}

void secret_free(struct buf *b)
{
    secret_wipe(b);
    buf_free(b);
}

void secret_text_free(char *text)
{
    if (text != NULL)
        mem_wipe(text, strlen(text));
    free(text);
}
