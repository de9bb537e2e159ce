#include "accounting/account_kind.h"

#include <string.h>

GHashTable *
account_pairs_parse(const char *text)
{
  g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) items = g_strsplit(text, ",", -1);
  for (char **item = items; *item != NULL; item++) {
    if (*g_strstrip(*item) == '\0')
      continue;
    g_auto(GStrv) sides = g_strsplit(*item, "=", 2);
    if (sides[1] == NULL || *g_strstrip(sides[0]) == '\0' || *g_strstrip(sides[1]) == '\0')
      return NULL;
    g_hash_table_insert(pairs, g_strdup(sides[0]), g_strdup(sides[1]));
  }
  return g_steal_pointer(&pairs);
}

/* What such a list must be, in a complaint. */
#define PAIRS "deve ser uma lista como 2.3=EQUITY,3=REVENUE"

GHashTable *
account_pairs_read(const ErpConfig *config, const char *key, gboolean *fine, GError **error)
{
  const char *text = erp_config_text(config, key);
  GHashTable *pairs = text != NULL ? account_pairs_parse(text) : NULL;
  *fine = text == NULL || pairs != NULL;
  if (!*fine)
    *fine = erp_config_fail(config, key, PAIRS, error);
  return pairs;
}

static gboolean
read_prefixes(const ErpConfig *config, AccountKinds *kinds, GError **error)
{
  gboolean fine;
  GHashTableIter each;
  const char *prefix, *word;
  g_autoptr(GHashTable) pairs = account_pairs_read(config, "TYPE_MAP", &fine, error);
  if (pairs == NULL)
    return fine;
  kinds->prefixes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init(&each, pairs);
  while (g_hash_table_iter_next(&each, (gpointer *)&prefix, (gpointer *)&word)) {
    AccountType type;
    if (!account_type_parse(word, &type))
      return erp_config_fail(config, "TYPE_MAP", PAIRS, error);
    g_hash_table_insert(kinds->prefixes, g_strdup(prefix), GINT_TO_POINTER(type));
  }
  return TRUE;
}

gboolean
account_kinds_read(const ErpConfig *config, ErpType erp, AccountKinds *kinds, GError **error)
{
  const char *sign = erp_config_text(config, "BALANCE_SIGN");
  kinds->erp = erp;
  kinds->sign = g_strcmp0(sign, "debit_positive") == 0    ? SIGN_DEBIT_POSITIVE
                : g_strcmp0(sign, "credit_positive") == 0 ? SIGN_CREDIT_POSITIVE
                                                          : SIGN_NATURAL;
  kinds->unknown_is_asset =
      g_strcmp0(erp_config_text(config, "UNKNOWN_ACCOUNT_TYPE"), "asset") == 0;
  return read_prefixes(config, kinds, error);
}

void
account_kinds_clear(AccountKinds *kinds)
{
  g_clear_pointer(&kinds->prefixes, g_hash_table_unref);
}

/* The longest prefix of the map that the code begins with. */
static AccountType
type_by_prefix(const AccountKinds *kinds, const char *code)
{
  if (kinds->prefixes == NULL)
    return ACCOUNT_UNTYPED;
  g_autofree char *prefix = g_strdup(code);
  for (gsize length = strlen(prefix); length > 0; length--) {
    prefix[length] = '\0';
    gpointer type = g_hash_table_lookup(kinds->prefixes, prefix);
    if (type != NULL)
      return (AccountType)GPOINTER_TO_INT(type);
  }
  return ACCOUNT_UNTYPED;
}

/* Charts often begin 1 to 5 so; what only TOTVS says of its own is the last resort of all. */
static AccountType
type_by_digit(const char *code)
{
  static const AccountType by_digit[] = {ACCOUNT_ASSET, ACCOUNT_LIABILITY, ACCOUNT_EQUITY,
                                         ACCOUNT_REVENUE, ACCOUNT_EXPENSE};
  return *code >= '1' && *code <= '5' ? by_digit[*code - '1'] : ACCOUNT_UNTYPED;
}

gboolean
account_kind(const AccountKinds *kinds, const char *code, AccountType stated, const char *type_text,
             AccountType *type, gboolean *defaulted)
{
  AccountType found = stated;
  if (found == ACCOUNT_UNTYPED)
    found = type_by_prefix(kinds, code);
  if (found == ACCOUNT_UNTYPED && (kinds->erp == ERP_TOTVS || type_text == NULL))
    found = type_by_digit(code);
  *defaulted = found == ACCOUNT_UNTYPED && kinds->unknown_is_asset;
  if (*defaulted)
    found = ACCOUNT_ASSET;
  *type = found;
  return found != ACCOUNT_UNTYPED;
}

AccountSide
account_natural_side(AccountType type)
{
  return type == ACCOUNT_ASSET || type == ACCOUNT_EXPENSE ? SIDE_DEBIT : SIDE_CREDIT;
}

gint64
account_natural_amount(BalanceSign sign, AccountSide side, AccountSide stated, gint64 figure)
{
  static const AccountSide positive[] = {[SIGN_NATURAL] = SIDE_UNSTATED,
                                         [SIGN_DEBIT_POSITIVE] = SIDE_DEBIT,
                                         [SIGN_CREDIT_POSITIVE] = SIDE_CREDIT};
  AccountSide of_figure = stated != SIDE_UNSTATED ? stated : positive[sign];
  return of_figure == SIDE_UNSTATED || of_figure == side ? figure : -figure;
}

gint64
account_roll_forward(AccountSide side, gint64 opening, gint64 debit, gint64 credit)
{
  return side == SIDE_CREDIT ? opening - debit + credit : opening + debit - credit;
}
