/* Names of tables and files (backoffice.md 6.1, 7). */
#include "unit.h"

#include "backoffice/names.h"

static void
test_a_table_is_letters_digits_and_dashes(G_GNUC_UNUSED void **state)
{
  g_autofree char *fits = g_strnfill(50, 'a'), *over = g_strnfill(51, 'a');
  const char *const good[] = {"a", "conta-pagar", "conta_a_pagar", "Tabela1", fits};
  const char *const bad[] = {"", "a b", "a/b", "a.b", "a\xc3\xa7", "a;", "a'", over};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    assert_true(name_is_table(good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    assert_false(name_is_table(bad[i]));
}

static void
test_a_file_has_no_path(G_GNUC_UNUSED void **state)
{
  g_autofree char *fits = g_strnfill(100, 'a'), *over = g_strnfill(101, 'a');
  const char *const good[] = {
      "a", "nota fiscal.pdf", "\xc3\xa7\xc3\xa3o.pdf", "...", ".a", "<b>\"x\".txt", fits};
  const char *const bad[] = {"",     ".",    "..",    "a/b",       "../a",
                             "a\\b", "a\tb", "a\x7f", "\xc2\x85x", over};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
    assert_true(name_is_file(good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    assert_false(name_is_file(bad[i]));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_table_is_letters_digits_and_dashes),
      cmocka_unit_test(test_a_file_has_no_path),
  };
  return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
