/*
 * source: events from any saved input. An input is an export (its folder), one of its .ndjson.gz
 * files, NDJSON, a JSON array, {"value":[...]} (a saved REST answer) or {"records":[...]}, each
 * plain or gzip (several members too), from a file, a folder of files or standard input ("-").
 */
#ifndef AZDAL_READ_SOURCE_H
#define AZDAL_READ_SOURCE_H

#include "base/buf.h"

/* Append the name and version of zlib, for --version. */
int source_features(struct buf *out);

#endif
