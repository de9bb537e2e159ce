#include "erp/sales.h"

const SalesConnector *
sales_connector(const char *type)
{
  static const SalesConnector *const connectors[] = {&online_software, &cardapio_web};
  for (gsize i = 0; i < G_N_ELEMENTS(connectors); i++)
    if (g_strcmp0(connectors[i]->type, type) == 0)
      return connectors[i];
  return NULL;
}

void
sales_failure_clear(SalesFailure *failure)
{
  failure->code = NULL;
  g_clear_pointer(&failure->detail, g_free);
}
