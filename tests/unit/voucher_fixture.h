/* Answers of an ERP as its connector reads them, without a network: rows go through the profile's
 * own names, and what is told is written down, a line each. */
#pragma once
#include "unit.h"

#include "erp/paging.h"
#include "erp/voucher.h"

typedef struct {
  Erp erp;
  GString *told; /* "2026-01-15 1.01.001 350.00 0.00", categories with a * behind the code */
  LedgerSink sink;
  VoucherTarget target;
  Voucher voucher;
  /* how a row becomes a voucher; set before dialect_feed */
  gboolean (*read)(gpointer dialect, const RowCell *cells, gboolean *fine, GError **error);
  RowReader *reader;
} Dialect;

/* A connector of the profile, configured as the environment of the test says. */
void dialect_init(Dialect *dialect, const ErpProfile *profile, const char *company);
void dialect_clear(Dialect *dialect);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dialect, dialect_clear)

/* Entries of one account are told from now on: "id 2026-01-15 1.01.001 350.00 0.00 document". */
void dialect_ask_account(Dialect *dialect, const char *account);

/* Reads an answer: rows at `arrays` with the standard cells of entries and further ones. */
void dialect_feed(Dialect *dialect, const char *arrays, const char *const *keys, guint n_keys,
                  const BodyReader *body, const char *text);

/* Tells the voucher as it is. */
void dialect_tell(Dialect *dialect);

/* What was told, which begins anew. */
void dialect_assert_told(Dialect *dialect, const char *expected);

/* How often a warning was given. */
guint64 dialect_warnings(const Dialect *dialect, const char *code);

/* What a judge makes of an answer. */
typedef struct {
  ExchangeVerdict verdict;
  guint details;
} Judged;
void judged_clear(Judged *judged);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judged, judged_clear)
void dialect_judge(Dialect *dialect, const BodyReader *body, guint status, const char *text,
                   Judged *judged);
