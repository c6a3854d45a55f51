#include "base/base64.h"

/* Value of one character of base64url (or plain base64), or -1. */
static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-' || c == '+')
        return 62;
    return c == '_' || c == '/' ? 63 : -1;
}

int base64_decode(struct slice text, struct buf *out)
{
    unsigned bits = 0, count = 0;
    size_t i;

    while (text.len > 0 && text.data[text.len - 1] == '=')
        text.len--;
    if (text.len == 0 || text.len % 4 == 1)
        return -1;
    buf_reserve(out, text.len);
    for (i = 0; i < text.len; i++) {
        int value = base64_value(text.data[i]);

        if (value < 0)
            return -1;
        bits = (bits << 6 | (unsigned)value) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            buf_putc(out, (char)(bits >> count & 0xff));
        }
    }
    return 0;
}
