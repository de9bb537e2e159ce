/* Guards against listings that never end (erp-connectors.md 5.8). */
#include "base/error.h"
#include "erp/call.h"

#define MAX_IN_VAIN   2 /* pages in a row that bring nothing */
#define TOTAL_PERCENT 105
#define TOTAL_SPARE   100

void
erp_pages_init(ErpPages *pages, gint64 max_pages)
{
  *pages = (ErpPages){.max_pages = max_pages, .declared_total = -1, .declared_pages = -1};
}

static gboolean
is_beyond_declared(const ErpPages *pages)
{
  gint64 most = pages->declared_total >= G_MAXINT64 / TOTAL_PERCENT
                    ? G_MAXINT64
                    : pages->declared_total * TOTAL_PERCENT / 100 + TOTAL_SPARE;
  return (pages->declared_pages >= 0 && pages->page > pages->declared_pages + 1) ||
         (pages->declared_total >= 0 && pages->rows > most);
}

static gboolean
is_loop(const ErpPages *pages, gint64 echoed)
{
  return pages->repeated >= MAX_IN_VAIN || pages->empty >= MAX_IN_VAIN ||
         (echoed >= 0 && echoed != pages->page) || is_beyond_declared(pages);
}

gboolean
erp_pages_note(ErpPages *pages, Erp *erp, guint rows, guint fresh, gboolean more, gint64 echoed,
               GError **error)
{
  gboolean is_repeated = rows > 0 && fresh == 0, is_empty = rows == 0 && more;
  erp->pages++;
  pages->page++;
  pages->rows += rows;
  pages->repeated = fresh > 0 ? 0 : pages->repeated + (is_repeated ? 1 : 0);
  pages->empty = fresh > 0 ? 0 : pages->empty + (is_empty ? 1 : 0);
  if (is_repeated)
    erp_warn(erp, "duplicate_page", NULL);
  if (is_loop(pages, echoed)) {
    g_set_error(error, PONTE_ERROR, ERROR_ERP_PAGING_LOOP,
                "A listagem do ERP não avança na página %" G_GINT64_FORMAT ".", pages->page);
    return FALSE;
  }
  if (pages->page > pages->max_pages) {
    g_set_error(error, PONTE_ERROR, ERROR_ERP_PAGING_LIMIT,
                "A listagem do ERP passa de %" G_GINT64_FORMAT " páginas.", pages->max_pages);
    return FALSE;
  }
  return TRUE;
}

void
erp_pages_end(const ErpPages *pages, Erp *erp)
{
  if (pages->declared_total >= 0 && pages->declared_total != pages->rows)
    erp_warn(erp, "count_mismatch", NULL);
}
