/* SHA-256 against the vectors of FIPS 180-4. */
#define _XOPEN_SOURCE 700 /* mkstemp */

#include "files.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void known_digests_come_out(void **state)
{
    char hex[HASH_HEX_MAX];

    (void)state;
    hash_bytes("", 0, hex);
    assert_string_equal(hex, EMPTY);
    hash_bytes("abc", 3, hex);
    assert_string_equal(hex, ABC);
}

static void a_digest_does_not_depend_on_the_pieces(void **state)
{
    struct hash *h = hash_new();
    char hex[HASH_HEX_MAX], a[1000];
    size_t done = 0, n;

    (void)state;
    assert_non_null(h);
    memset(a, 'a', sizeof(a));
    for (n = 1; done < 1000000; n = n * 7 % 997 + 1) {
        if (n > 1000000 - done)
            n = 1000000 - done;
        hash_update(h, a, n);
        done += n;
    }
    hash_final(h, hex);
    assert_string_equal(hex, MILLION_A);
    /* After the end it is as new. */
    hash_update(h, "abc", 3);
    hash_final(h, hex);
    assert_string_equal(hex, ABC);
    hash_free(h);
    hash_free(NULL);
}

static void a_file_is_hashed_whole(void **state)
{
    char path[] = "/tmp/azdal-hash.XXXXXX", hex[HASH_HEX_MAX], a[1000];
    int fd = mkstemp(path), i;
    struct err e = {0};

    (void)state;
    assert_true(fd >= 0);
    memset(a, 'a', sizeof(a));
    for (i = 0; i < 1000; i++)
        assert_int_equal(write(fd, a, sizeof(a)), sizeof(a));
    assert_int_equal(close(fd), 0);
    assert_int_equal(files_hash(path, hex, &e), 0);
    assert_string_equal(hex, MILLION_A);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(files_hash(path, hex, &e), -1);
    assert_int_equal(e.code, ERR_LOCAL);
    assert_non_null(strstr(e.msg, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests_come_out),
        cmocka_unit_test(a_digest_does_not_depend_on_the_pieces),
        cmocka_unit_test(a_file_is_hashed_whole),
    };

    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
