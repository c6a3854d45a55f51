#include "server.h"

#include "answer.h"
#include "respond.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/timestamp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections at a time. */
#define CONNECTIONS_MAX 256
/* How often waiting threads look whether the server stops. */
#define LOOK_MS 50

struct server {
    struct answer_state answer;
    struct MHD_Daemon *daemon, *other;
    FILE *log;
    atomic_int stopping; /* set once, before the daemons are stopped */
};

/* One request. */
struct call {
    struct server *server;
    char *target;
    int started;
    int64_t time;
    int accepts_gzip;
    const char *authorization;
};

/* Called with the raw target of a request; what it returns becomes the request's own pointer. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct call *c = mem_zalloc(1, sizeof(*c));

    (void)connection;
    c->server = cls;
    c->target = slice_dup(slice_of(target));
    return c;
}

/* Called when a request is over. */
static void on_completed(void *cls, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct call *c = *own;

    (void)cls;
    (void)connection;
    (void)code;
    if (c != NULL)
        free(c->target);
    free(c);
    *own = NULL;
}

/* One line of the log. */
static void write_log(struct server *s, const struct call *c, const char *scope,
                      const struct reply *r)
{
    struct buf line = {0};
    char when[TIMESTAMP_TEXT_MAX];
    int64_t ms = (sys_now() - c->time) / (TICKS_PER_SECOND / 1000);

    if (s->log == NULL)
        return;
    buf_printf(&line, "{\"time\":\"%s\",\"scope\":", timestamp_format(c->time, when));
    json_put_string(&line, scope);
    buf_puts(&line, ",\"query\":");
    json_put_string(&line, c->target);
    buf_printf(&line,
               ",\"status\":%u,\"events\":%zu,\"ms\":%lld,\"gzip\":%s,\"serial\":%ld,"
               "\"token\":%s,\"note\":",
               r->status, r->events, (long long)ms, r->gzipped ? "true" : "false", r->serial,
               c->authorization != NULL ? "true" : "false");
    json_put_string(&line, r->note);
    buf_puts(&line, "}\n");
    /* One write for each line: threads do not mix. */
    (void)fwrite(line.data, 1, line.len, s->log);
    (void)fflush(s->log);
    buf_free(&line);
}

/* Answer one request. */
static enum MHD_Result answer(struct server *s, struct MHD_Connection *connection, struct call *c,
                              const char *method)
{
    const char *encoding =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    struct answer_request req = {method, c->target, NULL, 0};
    struct reply r = {0};
    struct query q = {0};
    struct MHD_Response *response = NULL;
    enum MHD_Result ret = MHD_NO;
    long waited;

    req.authorization =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    req.gzip = encoding != NULL && strstr(encoding, "gzip") != NULL;
    c->authorization = req.authorization;
    for (waited = 0; waited < s->answer.options->latency_ms && !atomic_load(&s->stopping);
         waited += LOOK_MS) {
        long left = s->answer.options->latency_ms - waited;

        sys_sleep_ms((int)(left < LOOK_MS ? left : LOOK_MS));
    }
    if (answer_request(&s->answer, &req, &q, &r) == 0) {
        unsigned status = r.status;

        write_log(s, c, q.kind == QUERY_ASSIGNMENTS ? "assignments" : q.scope_text, &r);
        response = respond_make(&s->stopping, connection, &r);
        if (response != NULL) {
            respond_headers(&s->answer, response, &q, &r);
            ret = MHD_queue_response(connection, status, response);
            MHD_destroy_response(response);
        }
    }
    reply_free(&r);
    query_free(&q);
    return ret;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **own)
{
    struct call *c = *own;

    (void)url;
    (void)version;
    (void)upload;
    if (c == NULL || c->target == NULL)
        return MHD_NO;
    if (!c->started) {
        c->started = 1;
        c->time = sys_now();
        return MHD_YES;
    }
    if (*upload_len > 0) {
        *upload_len = 0;
        return MHD_YES;
    }
    return answer(cls, connection, c, method);
}

/* The second origin: whatever comes here should not have come. */
static enum MHD_Result on_other(void *cls, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_len, void **own)
{
    static char empty[] = "{\"value\":[]}";
    struct server *s = cls;
    struct call *c = *own;
    struct reply r = {.status = 200, .note = "off-origin"};
    struct MHD_Response *response;
    enum MHD_Result ret;

    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_len;
    if (c == NULL)
        return MHD_NO;
    c->time = sys_now();
    c->authorization =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    write_log(s, c, "off-origin", &r);
    response = MHD_create_response_from_buffer(sizeof(empty) - 1, empty, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    ret = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return ret;
}

/* Read FOLDER/name into *out, terminated. */
static int read_pem(const char *folder, const char *name, struct buf *out, struct err *e)
{
    char path[1024];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (sys_read_file(path, 1U << 20, out, e) != 0)
        return -1;
    (void)buf_text(out);
    return 0;
}

/* A socket that listens on a port of 127.0.0.1 (0: a free one, which *port then is), or -1. */
static int listen_at(long *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)*port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, (struct sockaddr *)&at, len) != 0 || listen(fd, CONNECTIONS_MAX) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        (void)close(fd);
        return -1;
    }
    *port = ntohs(at.sin_port);
    return fd;
}

/* Start a daemon on a port (0: a free one). Its URL is written before its first thread runs. key
 * NULL: plain http. */
static struct MHD_Daemon *start(struct server *s, MHD_AccessHandlerCallback handler, long port,
                                const char *key, const char *cert, char url[64])
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, NULL},
                                   {MHD_OPTION_HTTPS_MEM_CERT, 0, NULL},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_Daemon *d;
    int fd = listen_at(&port);

    if (fd < 0)
        return NULL;
    (void)snprintf(url, 64, "%s://127.0.0.1:%ld", key == NULL ? "http" : "https", port);
    tls[0].ptr_value = (void *)(uintptr_t)key;
    tls[1].ptr_value = (void *)(uintptr_t)cert;
    if (key == NULL)
        tls[0].option = MHD_OPTION_END;
    else
        flags |= MHD_USE_TLS;
    d = MHD_start_daemon(flags, 0, NULL, NULL, handler, s, MHD_OPTION_LISTEN_SOCKET, fd,
                         MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_URI_LOG_CALLBACK,
                         on_target, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
                         MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (d == NULL)
        (void)close(fd);
    return d;
}

/* Start both daemons. */
static int start_all(struct server *s, struct err *e)
{
    const struct sim_options *o = s->answer.options;
    struct buf key = {0}, cert = {0};
    int ret = 0;

    if (o->tls != NULL && (read_pem(o->tls, "server.key", &key, e) != 0 ||
                           read_pem(o->tls, "server.pem", &cert, e) != 0))
        ret = -1;
    if (ret == 0) {
        s->other = start(s, on_other, 0, NULL, NULL, s->answer.other_url);
        s->daemon = s->other == NULL
                        ? NULL
                        : start(s, on_request, o->port, key.data, cert.data, s->answer.url);
        if (s->daemon == NULL)
            ret = err_set(e, ERR_LOCAL, "the server cannot listen: errno %d", errno);
    }
    buf_free(&key);
    buf_free(&cert);
    return ret;
}

/* Wait until standard input ends or a signal comes. */
static void wait_for_end(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char drop[256];

    while (!sys_interrupted()) {
        int n = poll(&input, 1, LOOK_MS);

        if (n > 0 && read(STDIN_FILENO, drop, sizeof(drop)) <= 0)
            return;
    }
}

int server_run(const struct sim_options *o, const struct tenant *t, struct err *e)
{
    struct server s = {0};
    int ret = -1;

    sys_interrupt_watch();
    if (answer_init(&s.answer, o, t) != 0) {
        (void)err_set(e, ERR_INTERNAL, "answers could not be compressed");
        goto out;
    }
    if (o->log != NULL) {
        s.log = fopen(o->log, "a");
        if (s.log == NULL) {
            (void)err_set_os(e, ERR_LOCAL, errno, "log %s", o->log);
            goto out;
        }
    }
    if (start_all(&s, e) != 0)
        goto out;
    (void)printf("{\"url\":\"%s\"}\n", s.answer.url);
    (void)fflush(stdout);
    wait_for_end();
    if (sys_interrupted())
        (void)fprintf(stderr, "sim: ended by a signal\n");
    ret = 0;
out:
    atomic_store(&s.stopping, 1);
    if (s.daemon != NULL)
        MHD_stop_daemon(s.daemon);
    if (s.other != NULL)
        MHD_stop_daemon(s.other);
    if (s.log != NULL && fclose(s.log) != 0 && ret == 0)
        ret = err_set(e, ERR_LOCAL, "log %s cannot be written", o->log);
    answer_free(&s.answer);
    return ret;
}
