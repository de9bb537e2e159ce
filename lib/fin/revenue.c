#include "fin/revenue.h"

#include "base/settings.h"

static const char sql_read[] =
    "with s as materialized (" /* the instant is written once, not for every row */
    "  select source, ponte.instant_text(fetched_at) as as_of"
    "    from fin.revenue_source($1::date, $2::date, make_interval(secs => $3::int)))"
    " select s.source, s.as_of,"
    "       coalesce(c.name, 'Cliente ' || r.omie_codigo), r.omie_codigo, r.valor,"
    "       coalesce(sum(r.valor) over (), 0.00)"
    "  from s"
    "  left join lateral fin.revenue_by_code($1::date, $2::date, s.source) r on true"
    "  left join fin.clients c on c.omie_codigo = r.omie_codigo"
    " order by r.valor desc, r.omie_codigo";

static PGresult *
query(Db *db, const char *claims, const DateRange *days, GError **error)
{
  DateText from = date_iso(&days->first), to = date_iso(&days->last);
  return db_query(db, claims, sql_read, DB_PARAMS(from.text, to.text, setting(FIN_LIVE_REUSE_S)),
                  error);
}

PGresult *
revenue_read(Db *db, const char *claims, const DateRange *days, gint64 deadline_us, GError **error)
{
  for (;;) { /* a live answer may grow too old before it is read */
    g_autoptr(PGresult) rows = query(db, claims, days, error);
    if (rows == NULL || db_text(rows, 0, REVENUE_SOURCE) != NULL)
      return g_steal_pointer(&rows);
    if (!revenue_prepare_live(db, days, deadline_us, error))
      return NULL;
  }
}
