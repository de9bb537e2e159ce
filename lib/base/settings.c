/* The table of settings, filled once from the environment. */
#include "base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef enum { TEXT, SECRET, FLAG, INTEGER, LIST, WAITS } Kind;

static const struct {
  const char *name;
  Kind kind;
  const char *fallback;
  gint64 low, high;
  const char *meaning;
} table[N_SETTINGS] = {
#define SETTING(name, kind, fallback, low, high, meaning)                                          \
  {#name, kind, fallback, low, high, meaning},
#include "base/settings.def"
#undef SETTING
};

const ErpSetting erp_settings[] = {
#define ERP_SETTING(prefix, key, fallback, meaning) {#prefix, #key, fallback, meaning, FALSE},
#define ERP_SECRET(prefix, key, meaning)            {#prefix, #key, "", meaning, TRUE},
#include "base/erp_settings.def"
#undef ERP_SETTING
#undef ERP_SECRET
};
const guint n_erp_settings = G_N_ELEMENTS(erp_settings);

static char *values[N_SETTINGS];
static GHashTable *erp_values; /* name → text */
static gint64 loaded_us;

static gboolean
within(const char *text, Setting which, gint64 *out)
{
  return g_ascii_string_to_signed(text, 10, table[which].low, table[which].high, out, NULL);
}

static gboolean
check(Setting which, const char *value, GError **error)
{
  gint64 number;
  if (table[which].kind == INTEGER && !within(value, which, &number)) {
    g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                "%s deve ser um número inteiro de %" G_GINT64_FORMAT " a %" G_GINT64_FORMAT ".",
                table[which].name, table[which].low, table[which].high);
    return FALSE;
  }
  if (table[which].kind == WAITS) {
    g_auto(GStrv) items = g_strsplit(value, ",", -1);
    for (guint i = 0; items[i] != NULL; i++)
      if (!within(g_strstrip(items[i]), which, &number)) {
        g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                    "%s deve ser uma lista de milissegundos, como 2000,5000.", table[which].name);
        return FALSE;
      }
  }
  return TRUE;
}

static gboolean
is_of_an_erp(const char *name)
{
  for (guint i = 0; i < n_erp_settings; i++) {
    gsize length = strlen(erp_settings[i].prefix);
    if (strncmp(name, erp_settings[i].prefix, length) == 0 && name[length] == '_')
      return TRUE;
  }
  return FALSE;
}

static void
load_erp_settings(void)
{
  g_auto(GStrv) names = g_listenv();
  g_clear_pointer(&erp_values, g_hash_table_unref);
  erp_values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (char **name = names; *name != NULL; name++)
    if (is_of_an_erp(*name))
      g_hash_table_insert(erp_values, g_strdup(*name), g_strdup(g_getenv(*name)));
}

const char *
setting_of(const char *name)
{
  return erp_values != NULL ? g_hash_table_lookup(erp_values, name) : NULL;
}

gint64
settings_loaded_us(void)
{
  return loaded_us;
}

gboolean
settings_load(GError **error)
{
  if (loaded_us == 0)
    loaded_us = g_get_monotonic_time();
  load_erp_settings();
  for (Setting s = 0; s < N_SETTINGS; s++) {
    const char *value = g_getenv(table[s].name);
    /* an empty number is an unset number; an empty text may be meant (JWT_AUDIENCE) */
    if (value == NULL || (*value == '\0' && (table[s].kind == INTEGER)))
      value = table[s].fallback;
    if (!check(s, value, error))
      return FALSE;
    g_free(values[s]);
    values[s] = g_strdup(value);
  }
  return TRUE;
}

const char *
setting(Setting which)
{
  return values[which] != NULL ? values[which] : table[which].fallback;
}

gboolean
setting_is_set(Setting which)
{
  return *setting(which) != '\0';
}

gint64
setting_int(Setting which)
{
  gint64 number = 0;
  g_assert(table[which].kind == INTEGER);
  if (!within(setting(which), which, &number))
    g_assert_not_reached(); /* settings_load refused it */
  return number;
}

gboolean
setting_flag(Setting which)
{
  return setting_is_set(which) && strcmp(setting(which), "0") != 0;
}

gboolean
setting_lists(Setting which, const char *word)
{
  gsize length = strlen(word);
  for (const char *item = setting(which); length > 0 && *item != '\0';) {
    item += strspn(item, ", \t");
    gsize item_length = strcspn(item, ", \t");
    if (item_length == length && memcmp(item, word, length) == 0)
      return TRUE;
    item += item_length;
  }
  return FALSE;
}

gint64
setting_wait_ms(Setting which, guint n)
{
  g_auto(GStrv) items = g_strsplit(setting(which), ",", -1);
  gint64 number = -1;
  if (n < g_strv_length(items) && within(g_strstrip(items[n]), which, &number))
    return number;
  return -1;
}

static void
hide(const char *name)
{
  char *value = getenv(name);
  if (value == NULL)
    return;
  explicit_bzero(value, strlen(value));
  unsetenv(name);
}

void
settings_hide_secrets(void)
{
  for (Setting s = 0; s < N_SETTINGS; s++)
    if (table[s].kind == SECRET)
      hide(table[s].name);
  g_autoptr(GList) names = erp_values != NULL ? g_hash_table_get_keys(erp_values) : NULL;
  for (GList *name = names; name != NULL; name = name->next)
    for (guint i = 0; i < n_erp_settings; i++)
      if (erp_settings[i].is_secret && g_str_has_suffix(name->data, erp_settings[i].key))
        hide(name->data);
}

void
settings_print_names(void)
{
  for (Setting s = 0; s < N_SETTINGS; s++)
    printf("%s\n", table[s].name);
}

/* Is <prefix>_<key> a variable of settings.def as well? */
static gboolean
is_in_table(const ErpSetting *which)
{
  g_autofree char *name = g_strconcat(which->prefix, "_", which->key, NULL);
  for (Setting s = 0; s < N_SETTINGS; s++)
    if (g_str_equal(table[s].name, name))
      return TRUE;
  return FALSE;
}

void
settings_print_example(void)
{
  printf("# Every variable Ponte reads, with its default.  Generated: make generated\n");
  for (Setting s = 0; s < N_SETTINGS; s++)
    printf("\n# %s\n#%s=%s\n", table[s].meaning, table[s].name, table[s].fallback);
  printf(
      "\n# ---- books of the ERPs, company by company ----\n"
      "# Each of the following is read with a company's code inside, TOTVS_EFFECTI_CLIENT_ID, and\n"
      "# where that is unset as it stands here, for all companies of the ERP.  With _FILE at its\n"
      "# end it names a file that holds the value and that nobody else may read.  Paths, "
      "parameters\n"
      "# and members of an ERP are renamed by TOTVS_WIRE_<NAME> or TOTVS_EFFECTI_WIRE_<NAME>.\n");
  for (guint i = 0; i < n_erp_settings; i++)
    if (!is_in_table(&erp_settings[i]))
      printf("\n# %s\n#%s_%s=%s\n", erp_settings[i].meaning, erp_settings[i].prefix,
             erp_settings[i].key, erp_settings[i].fallback);
}

static const char *
code_mark(const char *text)
{
  return *text != '\0' ? "`" : "";
}

static gboolean
means_the_same(const ErpSetting *a, const ErpSetting *b)
{
  return g_str_equal(a->key, b->key) && g_str_equal(a->fallback, b->fallback) &&
         g_str_equal(a->meaning, b->meaning);
}

/* One row for all ERPs for which a key means the same. */
static void
print_erp_row(guint first)
{
  const ErpSetting *which = &erp_settings[first];
  for (guint i = 0; i < first; i++)
    if (means_the_same(&erp_settings[i], which))
      return; /* it had its row */
  printf("| `%s` | %s", which->key, which->prefix);
  for (guint i = first + 1; i < n_erp_settings; i++)
    if (means_the_same(&erp_settings[i], which))
      printf(", %s", erp_settings[i].prefix);
  printf(" | %s%s%s | %s |\n", code_mark(which->fallback), which->fallback,
         code_mark(which->fallback), which->meaning);
}

void
settings_print_markdown(void)
{
  printf("| variable | default | meaning |\n|---|---|---|\n");
  for (Setting s = 0; s < N_SETTINGS; s++)
    printf("| `%s` | %s%s%s | %s |\n", table[s].name, code_mark(table[s].fallback),
           table[s].fallback, code_mark(table[s].fallback), table[s].meaning);
  printf(
      "\nThe books of an ERP are configured company by company: `<ERP>_<COMPANY>_<KEY>`\n"
      "(`TOTVS_EFFECTI_CLIENT_ID`), and where that is unset `<ERP>_<KEY>`, for all companies of "
      "the\n"
      "ERP.  With `_FILE` at its end (`OMIE_DATAHUB_APP_SECRET_FILE`) a variable names a file "
      "that\n"
      "holds the value and that nobody else may read; the order is company's file, company, ERP's\n"
      "file, ERP, default, and what is empty counts as unset.  `<ERP>_WIRE_<NAME>` and\n"
      "`<ERP>_<COMPANY>_WIRE_<NAME>` rename a path, parameter or member of the ERP's interface.\n\n"
      "| key | of | default | meaning |\n|---|---|---|---|\n");
  for (guint i = 0; i < n_erp_settings; i++)
    print_erp_row(i);
}
