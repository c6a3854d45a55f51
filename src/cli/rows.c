#include "cli/rows.h"

#include "out/csv.h"
#include "out/ndjson.h"

#include <stdio.h>

/* Bytes that are written at once. */
#define ROWS_FLUSH ((size_t)32 << 10)

int rows_flush(struct buf *out, struct err *e)
{
    if (out->len > 0 && fwrite(out->data, 1, out->len, stdout) != out->len)
        return err_set(e, ERR_LOCAL, "standard output cannot be written");
    buf_clear(out);
    return 0;
}

/* A row's properties as a JSON object. */
static void put_properties(const struct rows_kind *kind, const void *set, const void *row,
                           struct buf *out)
{
    size_t i, k;

    ndjson_begin(out);
    for (i = 0; i < kind->properties(); i++) {
        struct finding_value v;

        ndjson_name(out, kind->name(i));
        kind->value(set, row, i, &v);
        if (v.kind == FINDING_NUMBER) {
            ndjson_number(out, v.number);
        } else if (v.kind == FINDING_BOOL) {
            ndjson_bool(out, (int)v.number);
        } else if (v.kind == FINDING_LIST) {
            ndjson_begin_list(out);
            for (k = 0; k < v.n; k++)
                ndjson_element(out, kind->item(row, i, k), k == 0);
            ndjson_end_list(out);
        } else {
            ndjson_text(out, v.text);
        }
    }
    ndjson_end(out);
    out->len--; /* its line break */
}

/* A row as a JSON object: the one that it is, or its properties. */
static void put_object(const struct rows_kind *kind, const void *set, const void *row,
                       struct buf *out)
{
    struct slice object;

    if (kind->whole == NULL) {
        put_properties(kind, set, row, out);
        return;
    }
    object = kind->whole(row);
    buf_append(out, object.data, object.len);
}

/* A row of CSV; the elements of a list stand in one cell with "; " between them. */
static void put_csv(const struct rows_kind *kind, const void *set, const void *row, struct buf *out)
{
    struct buf cell = {0};
    size_t i, k;

    for (i = 0; i < kind->properties(); i++) {
        struct finding_value v;

        kind->value(set, row, i, &v);
        buf_clear(&cell);
        if (v.kind == FINDING_NUMBER)
            buf_printf(&cell, "%llu", (unsigned long long)v.number);
        else if (v.kind == FINDING_BOOL)
            buf_puts(&cell, v.number ? "true" : "false");
        else if (v.kind == FINDING_STRING)
            buf_append(&cell, v.text.data, v.text.len);
        for (k = 0; v.kind == FINDING_LIST && k < v.n; k++) {
            struct slice item = kind->item(row, i, k);

            if (k > 0)
                buf_puts(&cell, "; ");
            buf_append(&cell, item.data, item.len);
        }
        if (v.kind == FINDING_JSON)
            csv_json_cell(out, v.text, i == 0);
        else
            csv_cell(out, buf_slice(&cell), i == 0);
    }
    csv_end_row(out);
    buf_free(&cell);
}

/* The names of the columns. */
static void put_csv_head(const struct rows_kind *kind, struct buf *out)
{
    size_t i;

    csv_begin(out);
    for (i = 0; i < kind->properties(); i++)
        csv_cell(out, slice_of(kind->name(i)), i == 0);
    csv_end_row(out);
}

#define ALL (COMMAND_SCAN | COMMAND_CAT | COMMAND_TRACE)

const struct rows_format rows_formats[] = {
    {"table", COMMAND_SCAN | COMMAND_TRACE, NULL, NULL, 0, "", "", "", "", "", 0},
    {"ndjson", ALL, NULL, put_object, 1, "", "", "\n", "", "", 0},
    {"json", COMMAND_CAT, NULL, put_object, 1, "[\n", ",\n", "", "\n]\n", "[]\n", 0},
    {"columns", COMMAND_CAT, NULL, put_properties, 0, "", "", "\n", "", "", 0},
    {"csv", ALL, put_csv_head, put_csv, 0, "", "", "", "", "", 0},
    {"records", COMMAND_SCAN, NULL, put_properties, 0, "", "", "\n", "", "", 1},
    {NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, 0},
};

void rows_begin(struct rows *r, const struct rows_format *format, const struct rows_kind *kind,
                const void *set)
{
    r->format = format;
    r->kind = kind;
    r->set = set;
    if (format->head != NULL)
        format->head(kind, &r->out);
}

int rows_put(struct rows *r, const void *row, struct err *e)
{
    buf_puts(&r->out, r->n++ == 0 ? r->format->first : r->format->between);
    r->format->row(r->kind, r->set, row, &r->out);
    buf_puts(&r->out, r->format->behind);
    return r->out.len < ROWS_FLUSH ? 0 : rows_flush(&r->out, e);
}

int rows_end(struct rows *r, struct err *e)
{
    buf_puts(&r->out, r->n == 0 ? r->format->none : r->format->end);
    return rows_flush(&r->out, e);
}

void rows_free(struct rows *r)
{
    buf_free(&r->out);
}
