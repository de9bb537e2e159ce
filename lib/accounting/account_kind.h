/* Which type an account has, on which side its balance stands, and what a figure of the ERP means
 * there (erp-connectors.md 2.5, 5.1). */
#pragma once
#include "erp/config.h"
#include "erp/ledger.h"

/* How an ERP signs its balances. */
typedef enum { SIGN_NATURAL, SIGN_DEBIT_POSITIVE, SIGN_CREDIT_POSITIVE } BalanceSign;

/* What a company's configuration says about types and signs; zeroed is the default. */
typedef struct {
  ErpType erp;
  GHashTable *prefixes; /* TYPE_MAP: prefix → AccountType; NULL: none */
  gboolean unknown_is_asset;
  BalanceSign sign;
} AccountKinds;

/* Errors: ERP_NOT_CONFIGURED, naming the variable that cannot be read. */
gboolean account_kinds_read(const ErpConfig *config, ErpType erp, AccountKinds *kinds,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void account_kinds_clear(AccountKinds *kinds);

/* Pure: the type of an account: what the ERP stated, else the longest prefix of TYPE_MAP, else (of
 * TOTVS, or where the ERP said nothing) the first digit.  FALSE when it stays unknown and that is
 * an error; *defaulted: taken as an asset. */
gboolean account_kind(const AccountKinds *kinds, const char *code, AccountType stated,
                      const char *type_text, AccountType *type,
                      gboolean *defaulted) G_GNUC_WARN_UNUSED_RESULT;

/* The side on which balances of a type stand by nature. */
AccountSide account_natural_side(AccountType type);

/* Pure: a figure in natural sign: positive on `side`.  `stated`: a trailing D or C of this one
 * figure, which overrules the ERP's way of signing. */
gint64 account_natural_amount(BalanceSign sign, AccountSide side, AccountSide stated,
                              gint64 figure);

/* Pure: what movements leave of an opening (natural sign). */
gint64 account_roll_forward(AccountSide side, gint64 opening, gint64 debit, gint64 credit);

/* A list "a=b,c=d" of the configuration as a table of new texts; NULL with *fine TRUE when it is
 * not set.  Errors: ERP_NOT_CONFIGURED. */
GHashTable *account_pairs_read(const ErpConfig *config, const char *key, gboolean *fine,
                               GError **error);

/* Pure: the same list as text; NULL when it has another form. */
GHashTable *account_pairs_parse(const char *text);
