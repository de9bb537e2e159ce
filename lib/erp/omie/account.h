/* Whose register is read: the credentials of one company ("aplicativo"), and where its API is. */
#pragma once
#include <glib.h>

typedef struct {
  const char *app_key, *app_secret; /* never logged */
  char *base_url;                   /* ends with a slash */
  char *hash;                       /* stands for the key in shared tables and logs */
} OmieAccount;

/* The account of OMIE_APP_KEY, OMIE_APP_SECRET and OMIE_API_BASE_URL.
 * Errors: NOT_CONFIGURED. */
gboolean omie_account_init(OmieAccount *account, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void omie_account_clear(OmieAccount *account);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OmieAccount, omie_account_clear)

/* A text of Omie's made fit for people and logs: on one line, key and secret as *** (fin.md 5.9);
 * NULL stays NULL. */
void omie_redact(const OmieAccount *account, char **text);
