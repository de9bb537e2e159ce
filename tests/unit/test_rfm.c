/* The map of RFM notes onto titles (data-collecting.md 7.3). */
#include "unit.h"

#include "crm/rfm.h"

static void
test_notes_make_the_usual_titles(G_GNUC_UNUSED void **state)
{
  static const struct {
    guint recency, frequency, value;
    const char *title;
  } cases[] = {
      {5, 5, 5, "CAMPEÕES"},
      {5, 4, 4, "CAMPEÕES"},
      {5, 1, 1, "CLIENTES RECENTES"},
      {4, 1, 1, "PROMISSORES"},
      {5, 2, 2, "POTENCIAIS CLIENTES LEAIS"},
      {4, 3, 3, "POTENCIAIS CLIENTES LEAIS"},
      {4, 5, 5, "CLIENTES LEAIS"},
      {3, 4, 4, "CLIENTES LEAIS"},
      {3, 3, 3, "PRECISAM DE ATENÇÃO"},
      {3, 1, 2, "PRESTES A DORMIR"},
      {2, 3, 4, "EM RISCO"},
      {1, 4, 4, "EM RISCO"},
      {2, 5, 5, "NÃO PODE PERDÊ-LOS"},
      {1, 5, 5, "NÃO PODE PERDÊ-LOS"},
      {2, 2, 2, "HIBERNANDO"},
      {1, 1, 2, "PERDIDOS"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_string_equal(rfm_title(cases[i].recency, cases[i].frequency, cases[i].value),
                        cases[i].title);
}

/* A half rounds up, whichever of the two notes is the better one. */
static void
test_frequency_and_value_count_alike(G_GNUC_UNUSED void **state)
{
  assert_string_equal(rfm_title(5, 5, 2), "CAMPEÕES"); /* 3.5 */
  assert_string_equal(rfm_title(5, 2, 5), "CAMPEÕES");
  assert_string_equal(rfm_title(5, 4, 2), "POTENCIAIS CLIENTES LEAIS");
  assert_string_equal(rfm_title(2, 5, 4), "NÃO PODE PERDÊ-LOS");
  assert_string_equal(rfm_title(2, 5, 3), "EM RISCO");
}

static void
test_every_title_can_be_reached_and_none_is_missing(G_GNUC_UNUSED void **state)
{
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint recency = 1; recency <= RFM_NOTES; recency++) {
    for (guint frequency = 1; frequency <= RFM_NOTES; frequency++) {
      for (guint value = 1; value <= RFM_NOTES; value++) {
        assert_non_null(rfm_title(recency, frequency, value));
        g_hash_table_add(seen, (gpointer)rfm_title(recency, frequency, value));
      }
    }
  }
  assert_int_equal(g_hash_table_size(seen), 11);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_notes_make_the_usual_titles),
      cmocka_unit_test(test_frequency_and_value_count_alike),
      cmocka_unit_test(test_every_title_can_be_reached_and_none_is_missing),
  };
  return cmocka_run_group_tests_name("rfm", tests, NULL, NULL);
}
