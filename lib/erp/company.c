#include "erp/company.h"

#include <string.h>

#include "base/text.h"

#define NAME_MAX_BYTES 100

#define NO_ALIASES ((const char *const[]){NULL})

const ErpCompany erp_companies[] = {
    {"DATAHUB", "Datahub", ERP_OMIE, NO_ALIASES},
    {"EFFECTI", "Effecti", ERP_TOTVS, NO_ALIASES},
    {"IPE_DIGITAL", "Ipê Digital", ERP_BLING, (const char *const[]){"IPEDIGITAL", NULL}},
    {"LEADLOVERS", "Leadlovers", ERP_BLING, NO_ALIASES},
    {"MERCOS", "Mercos", ERP_CONTAAZUL, NO_ALIASES},
    {"MUNDDI", "Munddi", ERP_CONTAAZUL, NO_ALIASES},
    {"ONCLICK", "OnClick", ERP_TOTVS, NO_ALIASES},
};
const guint n_erp_companies = G_N_ELEMENTS(erp_companies);

static const struct {
  const char *name, *prefix, *title;
} types[N_ERPS] = {
    [ERP_TOTVS] = {"totvs_protheus", "TOTVS", "TOTVS Protheus"},
    [ERP_CONTAAZUL] = {"contaazul", "CONTAAZUL", "ContaAzul"},
    [ERP_OMIE] = {"omie", "OMIE", "Omie"},
    [ERP_BLING] = {"bling", "BLING", "Bling"},
};

/* " Ipê-Digital" becomes "IPE_DIGITAL". */
static char *
normalize(const char *name)
{
  g_autofree char *trimmed = text_trim(name);
  g_autofree char *plain = text_fold(trimmed);
  return g_strdelimit(g_ascii_strup(plain, -1), " -", '_');
}

const ErpCompany *
erp_company(const char *name)
{
  if (strlen(name) > NAME_MAX_BYTES || !g_utf8_validate(name, -1, NULL))
    return NULL;
  g_autofree char *code = normalize(name);
  for (guint i = 0; i < n_erp_companies; i++)
    if (g_str_equal(erp_companies[i].code, code) || g_strv_contains(erp_companies[i].aliases, code))
      return &erp_companies[i];
  return NULL;
}

const char *
erp_type_name(ErpType type)
{
  return types[type].name;
}

gboolean
erp_type_of(const char *name, ErpType *type)
{
  for (guint i = 0; i < N_ERPS; i++)
    if (g_str_equal(types[i].name, name)) {
      *type = (ErpType)i;
      return TRUE;
    }
  return FALSE;
}

const char *
erp_type_prefix(ErpType type)
{
  return types[type].prefix;
}

const char *
erp_type_title(ErpType type)
{
  return types[type].title;
}
