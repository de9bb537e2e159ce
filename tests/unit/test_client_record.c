/* fin.md 6.5: every example of the table. */

#include "erp/omie/clients.h"
#include "fin/client_record.h"
#include "unit.h"

#define T(text)                                                                                    \
  {                                                                                                \
    OMIE_TEXT, text                                                                                \
  }
#define N(text)                                                                                    \
  {                                                                                                \
    OMIE_NUMBER, text                                                                              \
  }
#define NONE                                                                                       \
  {                                                                                                \
    OMIE_ABSENT, NULL                                                                              \
  }
#define OBJECT                                                                                     \
  {                                                                                                \
    OMIE_OTHER, NULL                                                                               \
  }

static const struct {
  const char *why;
  OmieCell code, legal_name, trade_name, document, email;
  const char *want_code, *want_name, *want_document, *want_email;
} cases[] = {
    {"a number is a code", N("2485994"), T("A"), NONE, NONE, NONE, "2485994", "A", NULL, NULL},
    {"a text is trimmed", T(" 77 "), T("A"), NONE, NONE, NONE, "77", "A", NULL, NULL},
    {"0 is no code", N("0"), T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"\"0\" is no code", T("0"), T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"an empty text is no code", T(""), T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"null is no code", NONE, T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"12.5 is no code", N("12.5"), T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"1e3 is no code", N("1e3"), T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"an object is no code", OBJECT, T("A"), NONE, T("1"), NONE, NULL, "A", "1", NULL},
    {"ids exceed 32 bits", N("24859940171234"), T("A"), NONE, NONE, NONE, "24859940171234", "A",
     NULL, NULL},
    {"names are trimmed", N("1"), T("  ACME LTDA "), NONE, NONE, NONE, "1", "ACME LTDA", NULL,
     NULL},
    {"the trade name steps in", N("1"), T(""), T("Acme"), NONE, NONE, "1", "Acme", NULL, NULL},
    {"also for blanks", N("1"), T(" \t\xC2\xA0"), T("Acme"), NONE, NONE, "1", "Acme", NULL, NULL},
    {"both blank", N("1"), T(""), T("  "), NONE, NONE, "1", NULL, NULL, NULL},
    {"entities are decoded once", N("1"), T("SILVA &amp; FILHOS"), NONE, NONE, NONE, "1",
     "SILVA & FILHOS", NULL, NULL},
    {"only once", N("1"), T("A &amp;amp; B"), NONE, NONE, NONE, "1", "A &amp; B", NULL, NULL},
    {"control characters become spaces", N("1"), T("A\tB\nC"), NONE, NONE, NONE, "1", "A B C", NULL,
     NULL},
    {"documents are digits", N("1"), T("A"), NONE, T("11.222.333/0001-81"), NONE, "1", "A",
     "11222333000181", NULL},
    {"leading zeros stay", N("1"), T("A"), NONE, T("012.345.678-90"), NONE, "1", "A", "01234567890",
     NULL},
    {"no digits, no document", N("1"), T("A"), NONE, T("ISENTO"), NONE, "1", "A", NULL, NULL},
    {"a document as number", N("1"), T("A"), NONE, N("11222333000181"), NONE, "1", "A",
     "11222333000181", NULL},
    {"e-mails keep their case", N("1"), T("A"), NONE, NONE, T(" Fin@Acme.com "), "1", "A", NULL,
     "Fin@Acme.com"},
    {"several addresses stay", N("1"), T("A"), NONE, NONE, T("a@x.com,b@x.com"), "1", "A", NULL,
     "a@x.com,b@x.com"},
    {"a blank e-mail is none", N("1"), T("A"), NONE, NONE, T("  "), "1", "A", NULL, NULL},
};

static void
assert_text(const char *why, const char *got, const char *want)
{
  if (g_strcmp0(got, want) != 0)
    fail_msg("%s: got \"%s\", want \"%s\"", why, got != NULL ? got : "(none)",
             want != NULL ? want : "(none)");
}

static void
test_a_record_of_omie_becomes_a_clean_client(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    OmieRow row = {.cells = {[OMIE_CLIENT_CODE] = cases[i].code,
                             [OMIE_CLIENT_LEGAL_NAME] = cases[i].legal_name,
                             [OMIE_CLIENT_TRADE_NAME] = cases[i].trade_name,
                             [OMIE_CLIENT_DOCUMENT] = cases[i].document,
                             [OMIE_CLIENT_EMAIL] = cases[i].email}};
    ClientRecord record;
    client_record_from_omie(&record, &row);
    assert_text(cases[i].why, record.code, cases[i].want_code);
    assert_text(cases[i].why, record.name, cases[i].want_name);
    assert_text(cases[i].why, record.document, cases[i].want_document);
    assert_text(cases[i].why, record.email, cases[i].want_email);
    client_record_clear(&record);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_record_of_omie_becomes_a_clean_client)};
  return cmocka_run_group_tests_name("client_record", tests, NULL, NULL) != 0;
}
