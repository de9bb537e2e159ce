/* CSV by RFC 4180, CRLF; text that a spreadsheet would take for a formula gets an apostrophe
 * (erp-connectors.md 9).  Pure. */
#pragma once
#include <glib.h>

#define CSV_BOM "\xEF\xBB\xBF"

/* Appends a cell and its comma; NULL is an empty cell.  csv_end_row takes the last comma back. */
void csv_add_text(GString *text, const char *value);
void csv_add_plain(GString *text, const char *value); /* numbers and dates, as they are */
void csv_end_row(GString *text);

/* "subledger_EFFECTI_1.01.001_2026-01-01_2026-01-31.csv": what is unsafe in a part becomes _.
 * `parts` ends with NULL.  The caller's. */
char *csv_file_name(const char *kind, const char *const *parts);
