/*
 * jwt: finding JSON web tokens in text, also such as were wrapped into lines. Pure.
 */
#ifndef AZDAL_NET_JWT_H
#define AZDAL_NET_JWT_H

#include "base/buf.h"

/* How a token was found. */
struct jwt {
    struct slice rest; /* of the text, behind it; at first the whole text */
    unsigned dots;     /* two or more in a whole one */
    int open;          /* lines behind the text may belong to it */
    int cut;           /* dots stand for the rest of it */
};

/* Find the next token in j->rest and append it to *out, which the caller wipes: 1, or 0 at the end
 * of the text. */
int jwt_find(struct buf *out, struct jwt *j);

#endif
