/* Prints the tables of settings for people and scripts: `_settings example` is deploy/env.example,
 * `_settings markdown` the README's tables (make generated), `_settings names` every variable that
 * may be set, as grep -x takes them: names, and for the ERPs' wire names patterns. */
#include <stdio.h>
#include <string.h>

#include "base/settings.h"
#include "erp/company.h"

#define EXIT_USAGE 2
#define WIRE       "WIRE_[A-Z0-9_]*"

/* For an ERP, then for each of its companies. */
static void
print_key(const char *prefix, const char *key)
{
  printf("%s_%s\n", prefix, key);
  for (guint i = 0; i < n_erp_companies; i++)
    if (g_str_equal(erp_type_prefix(erp_companies[i].erp), prefix))
      printf("%s_%s_%s\n", prefix, erp_companies[i].code, key);
}

static void
print_names(void)
{
  settings_print_names();
  for (guint i = 0; i < n_erp_settings; i++) {
    g_autofree char *file = g_strconcat(erp_settings[i].key, "_FILE", NULL);
    print_key(erp_settings[i].prefix, erp_settings[i].key);
    print_key(erp_settings[i].prefix, file);
  }
  for (guint erp = 0; erp < N_ERPS; erp++)
    print_key(erp_type_prefix((ErpType)erp), WIRE);
}

int
main(int argc, char **argv)
{
  static const struct {
    const char *what;
    void (*print)(void);
  } prints[] = {{"example", settings_print_example},
                {"markdown", settings_print_markdown},
                {"names", print_names}};
  for (gsize i = 0; i < G_N_ELEMENTS(prints); i++)
    if (argc == 2 && strcmp(argv[1], prints[i].what) == 0) {
      prints[i].print();
      return 0;
    }
  fprintf(stderr, "usage: _settings example | markdown | names\n");
  return EXIT_USAGE;
}
