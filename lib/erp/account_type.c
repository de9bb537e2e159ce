/* Account types by their names (erp-connectors.md 5.1). */
#include <string.h>

#include "base/text.h"
#include "erp/values.h"

#define LONGEST_WORD 63

static const char *const names[] = {
    [ACCOUNT_UNTYPED] = NULL,    [ACCOUNT_ASSET] = "ASSET",     [ACCOUNT_LIABILITY] = "LIABILITY",
    [ACCOUNT_EQUITY] = "EQUITY", [ACCOUNT_REVENUE] = "REVENUE", [ACCOUNT_EXPENSE] = "EXPENSE",
};

/* In the key form: lower case, no accents, one _ between words. */
static const struct {
  AccountType type;
  const char *words;
} table[] = {
    {ACCOUNT_ASSET, " ativo ativos ativo_circulante ativo_nao_circulante asset assets "
                    "current_asset non_current_asset a "},
    {ACCOUNT_LIABILITY, " passivo passivos passivo_circulante passivo_nao_circulante exigivel "
                        "liability liabilities current_liability non_current_liability p "},
    {ACCOUNT_EQUITY, " patrimonio patrimonio_liquido capital_social equity capital net_worth "
                     "shareholders_equity pl "},
    {ACCOUNT_REVENUE, " receita receitas receita_operacional receita_financeira revenue revenues "
                      "income sales r "},
    {ACCOUNT_EXPENSE, " despesa despesas custo custos despesa_operacional despesa_financeira "
                      "expense expenses cost costs d "},
};

const char *
account_type_name(AccountType type)
{
  return names[type];
}

/* The key form between two spaces, so that only whole words are found in the table. */
static char *
key_of(const char *text)
{
  g_autofree char *folded = text_fold(text);
  g_autofree char *trimmed = text_trim(folded);
  GString *key = g_string_new(" ");
  for (const char *at = trimmed; *at != '\0'; at++) {
    gboolean is_gap = g_ascii_isspace(*at) || *at == '_' || *at == '-';
    if (!is_gap)
      g_string_append_c(key, *at);
    else if (key->str[key->len - 1] != '_')
      g_string_append_c(key, '_');
  }
  g_string_append_c(key, ' ');
  return g_string_free(key, FALSE);
}

gboolean
account_type_parse(const char *text, AccountType *type)
{
  if (strlen(text) > LONGEST_WORD)
    return FALSE;
  g_autofree char *key = key_of(text);
  if (strlen(key) <= strlen("  "))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
    if (strstr(table[i].words, key) != NULL) {
      *type = table[i].type;
      return TRUE;
    }
  return FALSE;
}
