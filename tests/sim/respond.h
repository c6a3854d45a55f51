/*
 * respond: from a reply to what libmicrohttpd sends: bodies that come whole, in pieces, too slowly
 * or not to their end, and the headers of the service.
 */
#ifndef SIM_RESPOND_H
#define SIM_RESPOND_H

#include "answer.h"

#include <stdatomic.h>

struct MHD_Connection;
struct MHD_Response;

/* A response with the reply's body, whose memory it takes over (location stays with *r). A stalled
 * body ends when *stopping is set. NULL when there is no room for it. */
struct MHD_Response *respond_make(const atomic_int *stopping, struct MHD_Connection *connection,
                                  struct reply *r);
/* Add the headers that every answer has, and those that this one needs. */
void respond_headers(struct answer_state *a, struct MHD_Response *response, const struct query *q,
                     const struct reply *r);

#endif
