/* backoffice.md 11.2: where a consulted order says how it stands, and which words mean closed. */
#include "backoffice/closure_rule.h"

#include "unit.h"

static const struct {
  const char *why;
  const char *order;
  const char *status;
  gint64 id;
} orders[] = {
    {"at the top", "{\"cStatus\":\"Aberto\",\"nCodPed\":7}", "Aberto", 7},
    {"in the consulted header", "{\"cabecalho_consulta\":{\"cStatus\":\"Aberto\",\"nCodPed\":7}}",
     "Aberto", 7},
    {"in the older header", "{\"cabecalho\":{\"cStatus\":\"Aberto\",\"nCodPed\":7}}", "Aberto", 7},
    {"the top counts first",
     "{\"cabecalho\":{\"cStatus\":\"C\",\"nCodPed\":3},"
     "\"cabecalho_consulta\":{\"cStatus\":\"B\",\"nCodPed\":2},\"cStatus\":\"A\",\"nCodPed\":1}",
     "A", 1},
    {"then the consulted header",
     "{\"cabecalho\":{\"cStatus\":\"C\",\"nCodPed\":3},"
     "\"cabecalho_consulta\":{\"cStatus\":\"B\",\"nCodPed\":2}}",
     "B", 2},
    {"an empty status is none", "{\"cStatus\":\"\",\"cabecalho\":{\"cStatus\":\"Aberto\"}}",
     "Aberto", 0},
    {"null is none", "{\"cStatus\":null,\"cabecalho_consulta\":{\"cStatus\":\"Aberto\"}}", "Aberto",
     0},
    {"a number is none", "{\"cStatus\":10,\"cabecalho_consulta\":{\"cStatus\":\"Aberto\"}}",
     "Aberto", 0},
    {"each member where it stands", "{\"nCodPed\":5,\"cabecalho\":{\"cStatus\":\"Aberto\"}}",
     "Aberto", 5},
    {"trimmed, otherwise as it came", "{\"cStatus\":\"  em Análise \"}", "em Análise", 0},
    {"no status at all", "{\"cabecalho_consulta\":{\"nCodPed\":12487000001}}", "", 12487000001},
    {"an empty answer", "{}", "", 0},
    {"headers of another type",
     "{\"cabecalho_consulta\":[{\"cStatus\":\"X\"}],\"cabecalho\":\"Y\"}", "", 0},
};

static void
test_an_order_tells_its_status_and_id(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
    json_t *order = json_loads(orders[i].order, 0, NULL);
    assert_non_null(order);
    g_autofree char *status = closure_status_of(order);
    if (g_strcmp0(status, orders[i].status) != 0 || closure_id_of(order) != orders[i].id)
      fail_msg("%s: \"%s\", %" G_GINT64_FORMAT, orders[i].why, status, closure_id_of(order));
    json_decref(order);
  }
}

static const struct {
  const char *status, *configured;
  gboolean is_closed;
} words[] = {
    {"Encerrado", "Encerrado", TRUE},
    {"ENCERRADO", "Encerrado", TRUE},
    {"fechado", "Encerrado", TRUE},
    {"Finalizado", "Encerrado", TRUE},
    {"Encerrado", "Fechado", TRUE}, /* the usual words count whatever is configured */
    {"CONCLUÍDO", "Concluído", TRUE},
    {"Concluído", "Encerrado", FALSE},
    {"Concluido", "Concluído", FALSE}, /* an accent is another word */
    {"Aberto", "Encerrado", FALSE},
    {"Encerrado parcial", "Encerrado", FALSE},
    {"Não Encerrado", "Encerrado", FALSE},
    {"Encerra", "Encerrado", FALSE},
    {"", "Encerrado", FALSE},
    {"", "", FALSE}, /* no status is never closed */
};

static void
test_words_that_mean_closed(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (closure_is_closed(words[i].status, words[i].configured) != words[i].is_closed)
      fail_msg("\"%s\" with \"%s\"", words[i].status, words[i].configured);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_order_tells_its_status_and_id),
      cmocka_unit_test(test_words_that_mean_closed),
  };
  return cmocka_run_group_tests_name("closure rule", tests, NULL, NULL);
}
