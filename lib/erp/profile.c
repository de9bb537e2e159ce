/* The profiles of all ERPs, by name (erp-connectors.md 1.4). */
#include <string.h>

#include "erp/connector.h"

/* The first of an ERP is its default. */
static const ErpProfile *const profiles[] = {&totvs_ctbr020, &totvs_ctb_v1,    &contaazul_v1,
                                             &contaazul_v2,  &omie_balancete,  &omie_extrato,
                                             &bling_v3,      &bling_v3_caixas, &bling_v2};

static gboolean
is_spelled(const ErpProfile *profile, const char *name)
{
  g_auto(GStrv) spellings =
      g_strsplit(profile->spellings != NULL ? profile->spellings : "", ",", -1);
  return g_str_equal(profile->name, name) || g_strv_contains((const char *const *)spellings, name);
}

const ErpProfile *
erp_profile(ErpType erp, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS(profiles); i++)
    if (profiles[i]->erp == erp && (name == NULL || is_spelled(profiles[i], name)))
      return profiles[i];
  return NULL;
}
