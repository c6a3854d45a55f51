/*
 * html: telling a web page from the answer that was wanted. Proxies, portals and gateways send one
 * in place of it. Pure.
 */
#ifndef AZDAL_NET_HTML_H
#define AZDAL_NET_HTML_H

#include "base/buf.h"

/* Bytes of a title in a message. */
#define HTML_TITLE_MAX 120

/* Whether text begins as HTML or XML does, behind a byte order mark and blanks. */
int html_is_page(struct slice text);
/* The page's title, or else the words of its first heading; cleaned, "" where there is none. */
void html_title(char title[HTML_TITLE_MAX], struct slice text);

#endif
