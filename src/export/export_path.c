#include "export/export_path.h"

#include "export/manifest.h"

#include <string.h>

/* Longest name: a folder, an id of 90 characters each as %XX, a day and a file. */
#define PATH_MAX_BYTES 512

int export_path_is_safe(const char *path)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "_.()%=-";

    if (strlen(path) > PATH_MAX_BYTES)
        return 0;
    for (;;) {
        size_t n = strspn(path, allowed);

        if (n == 0 || path[0] == '.' || path[n - 1] == '.')
            return 0;
        if (path[n] == '\0')
            return 1;
        if (path[n] != '/')
            return 0;
        path += n + 1;
    }
}

int export_path_is_data(const char *path)
{
    static const char end[] = ".ndjson.gz";
    size_t n = strlen(path), m = sizeof(end) - 1;

    return n >= m && slice_equals_nocase(slice_of(path + n - m), end);
}

int export_path_is_folder(const char *path)
{
    size_t n = strcspn(path, "/");
    struct slice first = {path, n};

    return slice_equals_nocase(first, "managementGroups") ||
           slice_equals_nocase(first, "subscriptions") ||
           (n >= 6 && slice_equals_nocase((struct slice){path, 6}, "scope="));
}

int export_path_is_file(const char *path)
{
    return export_path_is_safe(path) &&
           (strcmp(path, MANIFEST_NAME) == 0 || strcmp(path, MANIFEST_SUMS_NAME) == 0 ||
            export_path_is_data(path));
}
