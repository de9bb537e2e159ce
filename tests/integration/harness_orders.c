/* The sandbox's purchase orders. */
#include "harness.h"

static const char *
app(void)
{
  return harness_env("OMIE_APP_KEY");
}

gint64
order_put(const char *numero, const char *status)
{
  return sql_number("select sandbox.omie_put_order($1, $2, $3, '{001,002}')", app(), numero,
                    status);
}

char *
order_status(const char *numero, const char *item)
{
  if (item == NULL)
    return sql_text("select status from sandbox.omie_order"
                    " where app_key = $1 and number = sandbox.omie_order_number($2)",
                    app(), numero);
  return sql_text("select coalesce(i.status, '') from sandbox.omie_order o"
                  "  join sandbox.omie_order_item i on i.order_id = o.id"
                  " where o.app_key = $1 and o.number = sandbox.omie_order_number($2)"
                  "   and $3 in (i.code, i.id::text)",
                  app(), numero, item);
}
