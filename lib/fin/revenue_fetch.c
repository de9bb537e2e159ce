#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "fin/revenue.h"

static gboolean
add_page(RevenueSum *sum, const OmieReply *page, GError **error)
{
  for (guint i = 0; i < omie_reply_length(page); i++)
    if (!revenue_sum_add(sum, omie_reply_row(page, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
add_pages(RevenueSum *sum, OmieListing *listing, GError **error)
{
  g_autoptr(GError) failure = NULL;
  for (;;) {
    g_autoptr(OmiePage) page = omie_listing_next(listing, &failure);
    if (page == NULL)
      break;
    omie_listing_read_ahead(listing);
    if (!add_page(sum, page->reply, error))
      return FALSE;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

gboolean
revenue_fetch(Db *db, const DateRange *days, const Lease *lease, gint64 deadline_us, DbArray *codes,
              DbArray *values, guint *count, GError **error)
{
  g_auto(OmieAccount) account = {0};
  OmieTitleFilter filter = {.days = days};
  if (!omie_account_init(&account, error) || !omie_title_date(&filter.date, error))
    return FALSE;
  OmieListingRequest request = {
      .account = &account,
      .method = &omie_list_receivables,
      .write_filter = omie_write_title_filter,
      .filter_data = &filter,
      .lease = *lease,
      .deadline_us = deadline_us,
  };
  g_autoptr(OmieListing) listing = omie_listing_new(db, &request);
  g_autoptr(RevenueSum) sum = revenue_sum_new(filter.date, days);
  g_autoptr(GArray) totals = add_pages(sum, listing, error) ? revenue_sum_totals(sum, error) : NULL;
  if (totals == NULL)
    return FALSE;
  for (guint i = 0; i < totals->len; i++) {
    const CodeRevenue *revenue = &g_array_index(totals, CodeRevenue, i);
    db_array_add(codes, revenue->code);
    db_array_add(values, money_text(revenue->centavos).text);
  }
  *count = totals->len;
  return TRUE;
}
