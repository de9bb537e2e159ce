/* The companies of the portfolio, by any spelling of their names. */
#include "unit.h"

#include "erp/company.h"

static void
assert_erp(const char *name, const char *code, ErpType erp)
{
  const ErpCompany *company = erp_company(name);
  assert_non_null(company);
  assert_string_equal(company->code, code);
  assert_int_equal(company->erp, erp);
}

/* PM-1 */
static void
test_effecti_and_onclick_keep_their_books_in_totvs(G_GNUC_UNUSED void **state)
{
  assert_erp("effecti", "EFFECTI", ERP_TOTVS);
  assert_erp("ONCLICK", "ONCLICK", ERP_TOTVS);
  assert_erp("OnClick", "ONCLICK", ERP_TOTVS);
}

/* PM-2 */
static void
test_mercos_and_munddi_in_contaazul(G_GNUC_UNUSED void **state)
{
  assert_erp("mercos", "MERCOS", ERP_CONTAAZUL);
  assert_erp("Munddi", "MUNDDI", ERP_CONTAAZUL);
}

/* PM-3 */
static void
test_datahub_in_omie(G_GNUC_UNUSED void **state)
{
  assert_erp("datahub", "DATAHUB", ERP_OMIE);
}

/* PM-4 */
static void
test_leadlovers_and_ipe_digital_in_bling(G_GNUC_UNUSED void **state)
{
  assert_erp("leadlovers", "LEADLOVERS", ERP_BLING);
  const char *const spellings[] = {"Ipê Digital", "IPEDIGITAL",     "ipe digital",
                                   "IPE_DIGITAL", "  ipê-digital ", "Ipe\xcc\x82 Digital",
                                   "IPÊ_DIGITAL"};
  for (gsize i = 0; i < G_N_ELEMENTS(spellings); i++)
    assert_erp(spellings[i], "IPE_DIGITAL", ERP_BLING);
}

/* PM-5 */
static void
test_an_unknown_name_is_nobody_and_no_error(G_GNUC_UNUSED void **state)
{
  g_autofree char *endless = g_strnfill(100000, 'e');
  const char *const names[] = {"unknown",      "",     " ", "EFFECT", "EFFECTI2", "\xff\xfe",
                               "ipe  digital", endless};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    assert_null(erp_company(names[i]));
}

/* FA-5 */
static void
test_exactly_four_erps_are_known(G_GNUC_UNUSED void **state)
{
  const char *const names[] = {"totvs_protheus", "contaazul", "omie", "bling"};
  assert_int_equal(N_ERPS, G_N_ELEMENTS(names));
  for (guint i = 0; i < N_ERPS; i++) {
    ErpType type;
    assert_string_equal(erp_type_name((ErpType)i), names[i]);
    assert_true(erp_type_of(names[i], &type));
    assert_int_equal(type, i);
  }
}

/* FA-4 */
static void
test_another_erp_is_refused(G_GNUC_UNUSED void **state)
{
  ErpType type;
  assert_false(erp_type_of("invalid_erp", &type));
  assert_false(erp_type_of("", &type));
  assert_false(erp_type_of("TOTVS", &type));
}

static void
test_companies_are_listed_by_code(G_GNUC_UNUSED void **state)
{
  assert_int_equal(n_erp_companies, 7);
  for (guint i = 1; i < n_erp_companies; i++)
    assert_true(g_strcmp0(erp_companies[i - 1].code, erp_companies[i].code) < 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_effecti_and_onclick_keep_their_books_in_totvs),
      cmocka_unit_test(test_mercos_and_munddi_in_contaazul),
      cmocka_unit_test(test_datahub_in_omie),
      cmocka_unit_test(test_leadlovers_and_ipe_digital_in_bling),
      cmocka_unit_test(test_an_unknown_name_is_nobody_and_no_error),
      cmocka_unit_test(test_exactly_four_erps_are_known),
      cmocka_unit_test(test_another_erp_is_refused),
      cmocka_unit_test(test_companies_are_listed_by_code),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
