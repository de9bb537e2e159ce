/* CPF and CNPJ out of a partner's identifier (data-collecting.md 4.7). */
#include "unit.h"

#include "erp/document.h"

/* DC 39 */
static void
test_an_identifier_is_shown_as_the_document_it_is(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *identifier, *document;
  } cases[] = {
      {"12345678901", "123.456.789-01"},
      {"123.456.789-01", "123.456.789-01"},
      {"12345678000199", "12.345.678/0001-99"},
      {"12.345.678/0001-99", "12.345.678/0001-99"},
      {"123456780001990", "12.345.678/0001-99"},
      {"123", "123"},
      {"AB-1 2", "12"},
      {"123456789012", "123456789012"},
      {"1234567890123", "1234567890123"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *document = document_format(cases[i].identifier);
    assert_string_equal(document, cases[i].document);
  }
}

static void
test_an_identifier_without_digits_has_no_document(G_GNUC_UNUSED void **state)
{
  assert_null(document_format("ABC"));
  assert_null(document_format(""));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_identifier_is_shown_as_the_document_it_is),
      cmocka_unit_test(test_an_identifier_without_digits_has_no_document),
  };
  return cmocka_run_group_tests_name("document", tests, NULL, NULL) != 0;
}
