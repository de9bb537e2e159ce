/* What an attempt tells of itself (backoffice.md 6.9, 6.11b). */
#include "unit.h"

#include <jansson.h>
#include <string.h>

#include "backoffice/transfer_report.h"

static void
test_what_is_open_makes_an_attempt_a_failure(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why;
    TransferCount count;
    gint64 open;
  } cases[] = {
      {"nothing there", {0}, 0},
      {"all included", {.origin = 3, .included = 3}, 0},
      {"duplicates only", {.origin = 3, .target = 3, .duplicates = 3}, 0},
      {"all sent before", {.origin = 2, .target = 2, .sent_before = 2}, 0},
      {"unnamed ones alone do not fail it", {.origin = 2, .included = 1, .unnamed = 1}, 0},
      {"one without content", {.origin = 2, .included = 1, .without_content = 1}, 1},
      {"one refused", {.origin = 3, .included = 2, .refused = 1}, 1},
      {"the rest not tried", {.origin = 5, .included = 1, .refused = 1, .not_tried = 3}, 4},
      {"some of everything",
       {.origin = 28,
        .target = 9,
        .included = 1,
        .sent_before = 2,
        .duplicates = 3,
        .without_content = 4,
        .refused = 5,
        .unnamed = 6,
        .not_tried = 7},
       16},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    if (transfer_open(&cases[i].count) != cases[i].open)
      fail_msg("%s: %" G_GINT64_FORMAT, cases[i].why, transfer_open(&cases[i].count));
}

static json_t *
figures_of(const TransferReport *report)
{
  g_autofree char *text = transfer_report_json(report);
  json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(object);
  return object;
}

static void
test_every_figure_has_its_place(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *key;
    gint64 value;
  } figures[] = {
      {"contagem_origem", 28}, {"contagem_destino_inicial", 9},
      {"incluidos", 1},        {"ja_transferidos", 2},
      {"duplicados", 3},       {"sem_conteudo", 4},
      {"erros_inclusao", 5},   {"sem_nome", 6},
      {"nao_tentados", 7},
  };
  g_auto(TransferReport) report;
  transfer_report_init(&report);
  report.count = (TransferCount){28, 9, 1, 2, 3, 4, 5, 6, 7};
  json_t *object = figures_of(&report);
  for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
    const json_t *value = json_object_get(object, figures[i].key);
    if (!json_is_integer(value) || json_integer_value(value) != figures[i].value)
      fail_msg("%s is wrong", figures[i].key);
  }
  assert_true(json_is_integer(json_object_get(object, "elapsed_ms")));
  assert_int_equal(json_array_size(json_object_get(object, "duplicados_nomes")), 0);
  assert_int_equal(json_array_size(json_object_get(object, "erros")), 0);
  assert_int_equal(json_object_size(object), G_N_ELEMENTS(figures) + 3);
  json_decref(object);
}

/* 21 of each are counted, 20 are named */
static void
test_lists_are_no_longer_than_twenty(G_GNUC_UNUSED void **state)
{
  g_auto(TransferReport) report;
  transfer_report_init(&report);
  for (guint i = 1; i <= 21; i++) {
    g_autofree char *name = g_strdup_printf("%u \"<b>\" \xf0\x9f\x98\x80.pdf", i);
    transfer_report_duplicate(&report, name);
    transfer_report_trouble(&report, &(ListedFile){.id = i, .name = name}, "motivo \\ \"x\"", FALSE,
                            0);
  }
  json_t *object = figures_of(&report);
  assert_int_equal(json_integer_value(json_object_get(object, "duplicados")), 21);
  json_t *names = json_object_get(object, "duplicados_nomes"),
         *troubles = json_object_get(object, "erros"), *last = json_array_get(troubles, 19);
  assert_int_equal(json_array_size(names), 20);
  assert_int_equal(json_array_size(troubles), 20);
  assert_string_equal(json_string_value(json_array_get(names, 0)),
                      "1 \"<b>\" \xf0\x9f\x98\x80.pdf");
  assert_string_equal(json_string_value(json_object_get(last, "nome")),
                      "20 \"<b>\" \xf0\x9f\x98\x80.pdf");
  assert_int_equal(json_integer_value(json_object_get(last, "nIdAnexo")), 20);
  assert_string_equal(json_string_value(json_object_get(last, "motivo")), "motivo \\ \"x\"");
  json_decref(object);
}

/* 5.7: stored error texts end after 2000 characters, between two of them */
static void
test_a_reason_is_no_longer_than_a_log_may_hold(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) reason = g_string_new(NULL);
  for (guint i = 0; i < 2500; i++)
    g_string_append(reason, "ç");
  g_auto(TransferReport) report;
  transfer_report_init(&report);
  transfer_report_trouble(&report, &(ListedFile){.id = 1, .name = (char *)"a"}, reason->str, TRUE,
                          0);
  json_t *object = figures_of(&report);
  const json_t *first = json_array_get(json_object_get(object, "erros"), 0);
  const char *told = json_string_value(json_object_get(first, "motivo"));
  assert_true(g_utf8_validate(told, -1, NULL));
  assert_int_equal(g_utf8_strlen(told, -1), 2000);
  json_decref(object);
}

static void
test_the_message_names_the_first_file_that_failed(G_GNUC_UNUSED void **state)
{
  g_auto(TransferReport) report;
  transfer_report_init(&report);
  assert_null(transfer_report_message(&report));
  report.count = (TransferCount){.origin = 3, .included = 1, .refused = 1, .without_content = 1};
  transfer_report_trouble(&report, &(ListedFile){.id = 2, .name = (char *)"b.pdf"}, "vazio", FALSE,
                          0);
  transfer_report_trouble(&report, &(ListedFile){.id = 3, .name = (char *)"c.pdf"}, "recusado",
                          TRUE, 30);
  g_autofree char *message = transfer_report_message(&report);
  assert_string_equal(message, "2 de 3 anexos não transferidos: b.pdf: vazio");
}

/* One file that may fare better later is enough, and the longest wait counts */
static void
test_an_attempt_waits_as_long_as_its_slowest_file(G_GNUC_UNUSED void **state)
{
  const ListedFile file = {.id = 1, .name = (char *)"a.pdf"};
  g_auto(TransferReport) report;
  transfer_report_init(&report);
  transfer_report_trouble(&report, &file, "grande", FALSE, 0);
  assert_false(report.may_retry);
  transfer_report_trouble(&report, &file, "tarde", TRUE, 90);
  transfer_report_trouble(&report, &file, "grande", FALSE, 31);
  assert_true(report.may_retry);
  assert_int_equal(report.not_before_s, 90);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_open_makes_an_attempt_a_failure),
      cmocka_unit_test(test_every_figure_has_its_place),
      cmocka_unit_test(test_lists_are_no_longer_than_twenty),
      cmocka_unit_test(test_a_reason_is_no_longer_than_a_log_may_hold),
      cmocka_unit_test(test_the_message_names_the_first_file_that_failed),
      cmocka_unit_test(test_an_attempt_waits_as_long_as_its_slowest_file),
  };
  return cmocka_run_group_tests_name("transfer report", tests, NULL, NULL);
}
