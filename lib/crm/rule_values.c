#include "crm/rules.h"

#define TEXT_BLOCK 4096

AmountKind
amount_kind(const char *word)
{
  if (g_strcmp0(word, "FIXO") == 0)
    return AMOUNT_FIXED;
  return g_strcmp0(word, "PERCENTUAL") == 0 ? AMOUNT_PERCENT : AMOUNT_NONE;
}

OrganizationRules *
organization_rules_new(void)
{
  OrganizationRules *rules = g_new0(OrganizationRules, 1);
  rules->campaigns = g_array_new(FALSE, FALSE, sizeof(Campaign));
  rules->texts = g_string_chunk_new(TEXT_BLOCK);
  rules->lists = g_ptr_array_new_with_free_func(g_free);
  return rules;
}

void
organization_rules_free(OrganizationRules *rules)
{
  g_array_unref(rules->campaigns);
  g_ptr_array_unref(rules->lists);
  g_string_chunk_free(rules->texts);
  g_free(rules);
}
