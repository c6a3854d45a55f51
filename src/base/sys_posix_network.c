#define _GNU_SOURCE
#include "base/sys.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

const char sys_trust_places[] = "/etc/ssl/certs/ca-certificates.crt, /etc/pki/tls/certs/"
                                "ca-bundle.crt, /etc/ssl/ca-bundle.pem, /etc/pki/ca-trust/"
                                "extracted/pem/tls-ca-bundle.pem and /etc/ssl/cert.pem";

/* A variable of the environment that says something, or NULL. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || *value == '\0' ? NULL : value;
}

static const char *const files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine, Arch */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Red Hat, Fedora, Azure Linux */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Red Hat, newer */
    "/etc/ssl/cert.pem",                                 /* Alpine without the package */
};
#define NFILES (sizeof(files) / sizeof(files[0]))

/* Whether path is one of the usual places. */
static int is_usual(const char *path)
{
    size_t i;

    for (i = 0; i < NFILES && strcmp(path, files[i]) != 0; i++)
        ;
    return i < NFILES;
}

void sys_trust(struct sys_trust *t)
{
    /* The first is that of OpenSSL, which PowerShell on Linux reads as well; the second that of
     * curl; az, which is written in Python, wants the third. One that names a usual place is set
     * for everybody, and says less than one that names another. */
    static const char *const variables[] = {"SSL_CERT_FILE", "CURL_CA_BUNDLE",
                                            "REQUESTS_CA_BUNDLE"};
    struct stat st;
    size_t i;

    memset(t, 0, sizeof(*t));
    t->folder = variable("SSL_CERT_DIR");
    for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *named = variable(variables[i]);

        if (named == NULL || (t->variable != NULL && is_usual(named)))
            continue;
        t->file = named;
        t->variable = variables[i];
        if (!is_usual(named))
            break;
    }
    if (t->variable != NULL && stat(t->file, &st) == 0 && S_ISDIR(st.st_mode)) {
        t->folder = t->file;
        t->file = NULL;
    }
    for (i = 0; i < NFILES && t->variable == NULL && t->file == NULL; i++) {
        if (access(files[i], R_OK) == 0)
            t->file = files[i];
    }
    if (t->file == NULL && t->folder == NULL)
        t->file = files[0];
}

int sys_system_proxy(const char *url, struct sys_proxy *p)
{
    (void)url;
    memset(p, 0, sizeof(*p));
    return 0;
}

void sys_acknowledge(intptr_t socket)
{
#ifdef TCP_QUICKACK
    int on = 1;

    (void)setsockopt((int)socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#else
    (void)socket;
#endif
}
