#include "cli/rows.h"

#include "out/csv.h"
#include "out/ndjson.h"

#include <stdio.h>

int rows_flush(struct buf *out, struct err *e)
{
    if (out->len > 0 && fwrite(out->data, 1, out->len, stdout) != out->len)
        return err_set(e, ERR_LOCAL, "standard output cannot be written");
    buf_clear(out);
    return 0;
}

void rows_put_ndjson(const struct rows_kind *kind, const void *set, const void *row,
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
}

void rows_put_csv(const struct rows_kind *kind, const void *set, const void *row, struct buf *out)
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
        csv_cell(out, buf_slice(&cell), i == 0);
    }
    csv_end_row(out);
    buf_free(&cell);
}

void rows_put_csv_head(const struct rows_kind *kind, struct buf *out)
{
    size_t i;

    csv_begin(out);
    for (i = 0; i < kind->properties(); i++)
        csv_cell(out, slice_of(kind->name(i)), i == 0);
    csv_end_row(out);
}
