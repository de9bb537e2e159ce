/* What the tests of the import share: records exactly as another ERP's user might send them, and
 * rows looked at column by column.  Include it after harness.h.
 *
 *   assert_cells(sale_column, "O1", "1001", {"natureza", "SN01"}, {"canal", "Loja Física"}); */
#pragma once
#include "harness_crm.h"

/* A CRM_CASE that begins with so much of São Paulo's day left that it ends on the same day. */
int import_before(void **state);
#define IMPORT_CASE(test) cmocka_unit_test_setup_teardown(test, import_before, crm_after)

/* A record as given, listed on a day by the organization with that token. */
void record_put(const char *token, const char *day, const char *record);

/* "?de=…&ate=…" for two days relative to today.  Up to the end of the test. */
const char *window_days(int from, int to);

/* Text that may be NULL. */
#define assert_text(actual, expected) assert_text_at(actual, expected, #actual, __FILE__, __LINE__)
void assert_text_at(const char *actual, const char *expected, const char *what, const char *file,
                    int line);

typedef struct {
  const char *column, *expected;
} Cell;

/* sale_column, client_column or item_column. */
typedef const char *(*CellReader)(const char *organization, const char *row, const char *column);

#define assert_cells(read, organization, row, ...)                                                 \
  assert_cells_at(read, organization, row, (const Cell[]){__VA_ARGS__, {NULL, NULL}}, __FILE__,    \
                  __LINE__)
void assert_cells_at(CellReader read, const char *organization, const char *row, const Cell *cells,
                     const char *file, int line);

/* The one reject row of a record says so: "NUMERO_INVALIDO valor". */
#define assert_rejected(organization, external_id, expected)                                       \
  assert_rejected_at(organization, external_id, expected, __FILE__, __LINE__)
void assert_rejected_at(const char *organization, const char *external_id, const char *expected,
                        const char *file, int line);

/* The product codes of a sale's items in order: "10,11". */
const char *product_codes_of(const char *organization, const char *external_id);

/* A column of the product, seller or partner with that key: codigo, nome, identificador. */
const char *product_column(const char *organization, const char *code, const char *column);
const char *seller_column(const char *organization, const char *name, const char *column);
const char *partner_column(const char *organization, const char *identifier, const char *column);

/* Where and when the rows of the organization's sales and their items were written: the same text
 * again means that none was written meanwhile. */
const char *written_sales(const char *organization);
