/*
 * url: origins. Pure, and strict on purpose: what this file accepts has one reading only, so that
 * no other parser can see another host in it.
 */
#ifndef AZDAL_NET_URL_H
#define AZDAL_NET_URL_H

#include "base/buf.h"

/* An absolute http or https URL, cut into slices of the caller's text. */
struct url {
    int https;
    unsigned port;
    struct slice origin; /* scheme, host and port as written, without a slash behind */
    struct slice host;   /* with the brackets of an IPv6 address */
    struct slice
        target; /* path and query up to a '#', as written; may be empty or begin with '?' */
};

/* Returns -1 for anything but http(s)://host[:port], then nothing or one of "/?#" and the rest:
 * user information, whitespace, control characters, backslashes in the authority, an empty or
 * escaped host, an empty or impossible port. */
int url_split(struct url *u, const char *text);

/* Same scheme, host (in any letter case) and port (default ports are equal to none). */
int url_same_origin(const struct url *a, const struct url *b);

/*
 * Where `reference`, a redirect's or a next link's text in an answer from `base` (absolute, or
 * NULL), leads to, by RFC 3986, section 5: absolute, or relative in any way. Blanks around it are
 * cut off; bytes behind the authority that no URL may hold become %XX; the rest of an absolute one
 * stays as it is, byte for byte. What cannot be resolved is returned as it stands, for url_split to
 * refuse. The caller frees it.
 */
char *url_follow(const char *base, const char *reference);
/* The same for a next link that the caller owns: *link is replaced; NULL stays. */
void url_resolve(const char *base, char **link);

/* Whether the host is localhost, 127.0.0.0/8 in four decimal numbers, or [::1]. */
int url_is_loopback(const struct url *u);

#endif
