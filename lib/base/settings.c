/* The table of settings, filled once from the environment. */
#include "base/settings.h"

#include <stdio.h>
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

static char *values[N_SETTINGS];

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

gboolean
settings_load(GError **error)
{
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

void
settings_print_example(void)
{
  printf("# Every variable Ponte reads, with its default.  Generated: make generated\n");
  for (Setting s = 0; s < N_SETTINGS; s++)
    printf("\n# %s\n#%s=%s\n", table[s].meaning, table[s].name, table[s].fallback);
}

void
settings_print_markdown(void)
{
  printf("| variable | default | meaning |\n|---|---|---|\n");
  for (Setting s = 0; s < N_SETTINGS; s++)
    printf("| `%s` | %s%s%s | %s |\n", table[s].name, *table[s].fallback ? "`" : "",
           table[s].fallback, *table[s].fallback ? "`" : "", table[s].meaning);
}
