#include "harness_reconciliation.h"

#include <string.h>

Answer *
reconcile(void)
{
  return finance_get(RECONCILIATION, "");
}

void
contract_put(const char *code, const char *mrr)
{
  sql("insert into fin.contracts (client_id, mrr)"
      " select id, $2::numeric from fin.clients where omie_codigo = $1",
      code, mrr);
}

void
revenue_put(const char *code, const char *valor)
{
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor, created_at)"
      " values (" THIS_MONTH ", $1, $2::numeric, '" FETCHED "')",
      code, valor);
}

void
compared_put(const char *code, const char *name, const char *mrr, const char *revenue)
{
  client_put(code, name);
  contract_put(code, mrr);
  if (revenue != NULL)
    revenue_put(code, revenue);
}

void
assert_source_at(const Answer *answer, const char *source, const char *file, int line)
{
  assert_status_at(answer, 200, file, line);
  assert_member_at(answer, "source", source, file, line);
}

void
assert_says(const Answer *answer, const char *fragment)
{
  if (strstr(answer->body, fragment) == NULL)
    fail_msg("%s is not in %s", fragment, answer->body);
}
