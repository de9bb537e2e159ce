/* What the passes over ContaAzul's instalments and over their settlements share: the search, and
 * the details it takes. */
#pragma once
#include "erp/contaazul_v2.h"
#include "erp/kept_rows.h"
#include "erp/paging.h"

enum {
  TITLE_ID,
  TITLE_DATE,
  TITLE_AMOUNT,
  TITLE_STATUS,
  TITLE_DESCRIPTION,
  TITLE_DOCUMENT,
  TITLE_COST_CENTERS,
  TITLE_PERSON,
  TITLE_PERSON_NAME,
  TITLE_CATEGORIES,
  TITLE_SHARES,
  N_TITLE_CELLS
};

/* Of an instalment's detail, outside any rows. */
enum { DETAIL_SHARES = N_OUTSIDE, DETAIL_SETTLEMENTS, DETAIL_DATE, N_DETAIL };

typedef struct {
  VoucherTarget target;
  const TitleKind *kind;
  const ErpPeriod *period;
  const char *from, *to; /* wire names of the period's parameters */
  /* a row of the search; those whose detail is needed are kept (titles_keep) */
  gboolean (*take)(const RowCell *cells, gpointer data, GError **error);
  /* one of them, with its detail */
  gboolean (*tell)(gpointer data, const RowCell *cells, const KeptRows *detail, GError **error);
  RowShape shape;
  KeptRows *pending; /* of this page */
  ErpSeen *settled;  /* settlements told */
  Voucher voucher;
} Titles;

gboolean titles_keep(Titles *run, const RowCell *cells, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins the voucher of a title: what all its entries have in common. */
void titles_begin_voucher(Titles *run, const RowCell *cells);

/* The whole search; FALSE with the error, or without one when the sink had enough. */
gboolean titles_list(Titles *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
