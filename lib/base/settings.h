/* Configuration: environment variables, all of them in one table (settings.def), read once before
 * the first request (fin.md 1.8: libfcgi later swaps the environment for request parameters). */
#pragma once
#include <glib.h>

typedef enum {
#define SETTING(name, kind, fallback, low, high, meaning) name,
#include "base/settings.def"
#undef SETTING
  N_SETTINGS
} Setting;

/* Reads and checks every variable.  Fails naming the variable, never its value. */
gboolean settings_load(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text as configured, or the default; "" when neither.  Never NULL, owned by the table. */
const char *setting(Setting which);
gboolean setting_is_set(Setting which); /* TRUE when not empty */
gint64 setting_int(Setting which);      /* kind INTEGER: within the table's bounds */
gboolean setting_flag(Setting which);   /* kind FLAG: set and not "0" */

/* kind LIST ("a,b,c"): TRUE when `word` is one of the items, spaces ignored, case exact. */
gboolean setting_lists(Setting which, const char *word);

/* kind WAITS ("2000,5000", milliseconds): the n-th wait, or -1 past the end. */
gint64 setting_wait_ms(Setting which, guint n);

/* One thing that is configured per ERP and company (erp_settings.def): the variable
 * <prefix>_<COMPANY>_<key>, else <prefix>_<key>. */
typedef struct {
  const char *prefix, *key; /* "TOTVS", "CLIENT_ID" */
  const char *fallback;     /* "": unset */
  const char *meaning;
  gboolean is_secret;
} ErpSetting;
extern const ErpSetting erp_settings[];
extern const guint n_erp_settings;

/* A variable whose name begins with an ERP's prefix and _ ("TOTVS_EFFECTI_CLIENT_ID"), as it stood
 * at the last settings_load; NULL: unset.  Owned by the table. */
const char *setting_of(const char *name);

/* When settings_load ran first, on the monotonic clock. */
gint64 settings_loaded_us(void);

/* Wipes every secret from the environment (and so from /proc/self/environ): it is kept in the table
 * alone.  A later settings_load would find them unset. */
void settings_hide_secrets(void);

/* Prints every variable of settings.def, a name a line. */
void settings_print_names(void);

/* Prints deploy/env.example (each variable with default and meaning) to stdout. */
void settings_print_example(void);

/* Prints the README's tables of settings (Markdown) to stdout. */
void settings_print_markdown(void);
