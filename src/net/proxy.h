/*
 * proxy: the lists of proxies that Windows keeps, and what a proxy is called in messages. Pure.
 */
#ifndef AZDAL_NET_PROXY_H
#define AZDAL_NET_PROXY_H

#include "base/buf.h"

/* Bytes of a proxy's name: a host name of 253 and a port. */
#define PROXY_NAME_MAX 264

/* Host and port of a proxy's URL, without user and password, cleaned; "" for none. */
void proxy_name(char name[PROXY_NAME_MAX], const char *url);

/* Append the proxy for https, or else for http, that Windows' list names, such as
 * "proxy:8080" or "http=a:80;https=b:8080". Nothing is appended where none is for it. */
void proxy_from_list(struct buf *out, const char *list, int https);

/* Whether Windows' list of exceptions, such as "*.contoso.example;10.*;<local>" (NULL: empty),
 * names the host. <local> stands for names without a dot. */
int proxy_is_bypassed(const char *bypass, struct slice host);

#endif
