/* The stand-ins of TOTVS, ContaAzul, Bling and Omie's books tell one ledger, refuse what the real
 * ones refuse, and fail as tests arrange it. */
#include <string.h>

#include "harness_ledger.h"
#include "harness_stand_in.h"

#define JANUARY "dataInicial=20260101&dataFinal=20260131"
#define TOTVS   "/totvs/protheus/rest/CTBR020/"

/* GETs a path with a token of the company (TOTVS: as its tenant). */
static Reply
get(const Book *book, const char *path)
{
  g_autofree char *token = book_token_make(book);
  g_autofree char *bearer = g_strconcat("Authorization: Bearer ", token, NULL);
  g_autofree char *tenant = g_strconcat("tenantId: ", book_login(book, "tenant"), NULL);
  return ask(path, NULL, bearer, tenant);
}

static json_t *
json_of(const Reply *reply)
{
  json_t *root = json_loadb(reply->body->str, reply->body->len, 0, NULL);
  if (root == NULL)
    fail_msg("no JSON (%ld): %.300s", reply->status, reply->body->str);
  return root;
}

/* A sum of amounts as text; of rows where `flag` has this text (NULL: all). */
static char *
sum(const json_t *rows, const char *member, const char *flag, const char *text)
{
  double total = 0;
  for (size_t i = 0; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    if (flag == NULL || strcmp(json_string_value(json_object_get(row, flag)), text) == 0)
      total += json_number_value(json_object_get(row, member));
  }
  return g_strdup_printf("%.2f", total);
}

static void
test_a_balance_balances_and_entries_come_to_it(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 30, 200, 1);
  g_auto(Reply) balance = get(book, TOTVS "balancete?empresa=01&" JANUARY);
  g_autoptr(json_t) root = json_of(&balance);
  const json_t *rows = json_object_get(root, "balancete");
  g_autofree char *debit = sum(rows, "CTI_DEBITO", "CTI_CLASSE", "1");
  g_autofree char *credit = sum(rows, "CTI_CREDITO", "CTI_CLASSE", "1");
  g_autofree char *true_credit =
      book_balance(book, "1.02.001", "2026-01-01", "2026-01-31", "credit");
  assert_string_equal(debit, credit);
  assert_string_not_equal(debit, "0.00");
  assert_null(json_object_get(root, "hasNext"));
  g_auto(Reply) entries =
      get(book, "/totvs/protheus/rest/CTBR020/movimentacao?empresa=01&conta=1.02.001&" JANUARY);
  g_autoptr(json_t) listed = json_of(&entries);
  double total = 0;
  const json_t *moves = json_object_get(listed, "movimentacao");
  for (size_t i = 0; i < json_array_size(moves); i++) {
    const json_t *row = json_array_get(moves, i);
    if (g_str_has_prefix(json_string_value(json_object_get(row, "CT2_CREDIT")), "1.02.001"))
      total += json_number_value(json_object_get(row, "CT2_VALOR"));
  }
  g_autofree char *sum_of_entries = g_strdup_printf("%.2f", total);
  assert_string_equal(sum_of_entries, true_credit);
  g_autofree char *again = book_entry_sum(book, "1.02.001", "2026-01-01", "2026-01-31", "credit");
  assert_string_equal(again, true_credit);
}

static void
test_totvs_refuses_what_is_wrong(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autofree char *tenant = g_strconcat("tenantId: ", book_login(book, "tenant"), NULL);
  g_autofree char *token = book_token_make(book);
  g_autofree char *bearer = g_strconcat("Authorization: Bearer ", token, NULL);
  g_auto(Reply) nobody = ask(TOTVS "balancete?empresa=01&" JANUARY, NULL, tenant, NULL);
  assert_true(says(&nobody, 401, "FWREST-401"));
  g_auto(Reply) stranger = ask(TOTVS "balancete?empresa=01&" JANUARY, NULL, bearer, "tenantId: T9");
  assert_true(says(&stranger, 403, "Tenant"));
  g_auto(Reply) company = get(book, TOTVS "balancete?empresa=02&" JANUARY);
  assert_true(says(&company, 400, "Empresa"));
  g_auto(Reply) day =
      get(book, TOTVS "balancete?empresa=01&dataInicial=20260231&dataFinal=20260301");
  assert_true(says(&day, 400, "AAAAMMDD"));
  g_auto(Reply) account = get(book, TOTVS "movimentacao?empresa=01&" JANUARY);
  assert_true(says(&account, 400, "conta"));
  g_auto(Reply) header = get(book, "/totvs/protheus/api/ctb/v1/trialbalance?startDate=20260101"
                                   "&endDate=20260131");
  assert_true(says(&header, 400, "companyId"));
  g_auto(Reply) path = get(book, "/totvs/protheus/rest/nada");
  assert_int_equal(path.status, 404);
  book_tokens_expire(book);
  g_auto(Reply) late = ask(TOTVS "balancete?empresa=01&" JANUARY, NULL, bearer, tenant);
  assert_int_equal(late.status, 401);
  assert_int_equal(book_calls(book, "unknown"), 1);
  g_autofree char *asked = book_parameter(book, "trial-balance", 1, "tenantId");
  assert_string_equal(asked, "T9");
}

static void
test_a_refresh_token_is_good_once(G_GNUC_UNUSED void **state)
{
  static const char url[] = "/bling/Api/v3/oauth/token";
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  g_autofree char *pair =
      g_strdup_printf("%s:%s", book_login(book, "client_id"), book_login(book, "client_secret"));
  g_autofree char *code = g_base64_encode((const guchar *)pair, strlen(pair));
  g_autofree char *basic = g_strconcat("Authorization: Basic ", code, NULL);
  g_autofree char *form = g_strconcat(
      "grant_type=refresh_token&refresh_token=", book_login(book, "refresh_token"), NULL);
  g_autofree char *in_form =
      g_strdup_printf("%s&client_id=%s&client_secret=%s", form, book_login(book, "client_id"),
                      book_login(book, "client_secret"));
  g_auto(Reply) unshown = ask(url, in_form, "X-Ensaio: 1", NULL);
  assert_true(says(&unshown, 401, "invalid_client"));
  g_auto(Reply) first = ask(url, form, basic, "enable-jwt: 1");
  assert_true(
      says(&first, 200, "\"token_type\":\"Bearer\",\"expires_in\":21600,\"refresh_token\""));
  assert_true(first.body->len > 1500);
  g_auto(Reply) second = ask(url, form, basic, NULL);
  assert_true(says(&second, 400, "invalid_grant"));
  g_auto(Reply) json = ask(url, "{}", basic, "Content-Type: application/json");
  assert_true(says(&json, 400, "invalid_request"));
  assert_int_equal(book_links(book), 2);
  assert_int_equal(book_link_uses(book, 1), 2);
  assert_int_equal(book_calls(book, "token"), 4);
  g_autofree char *recorded = book_parameter(book, "token", 2, "refresh_token");
  assert_null(recorded);
}

static void
test_contaazul_tells_the_same_in_both_versions(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 20, 100, 1);
  g_auto(Reply) old = get(
      book, "/contaazul/v1/transactions?start_date=2026-01-01&end_date=2026-01-31&per_page=1000");
  g_autoptr(json_t) listed = json_of(&old);
  assert_int_equal(json_array_size(json_object_get(listed, "data")), 100);
#define SEARCH "/contaazul/v1/financeiro/eventos-financeiros/contas-a-receber/buscar?"
#define DUE    "data_vencimento_de=2000-01-01&data_vencimento_ate=2100-12-31&pagina=1&tamanho_pagina="
  g_auto(Reply) sales = get(book, SEARCH DUE "100&data_competencia_de=2026-01-01");
  g_autoptr(json_t) receivables = json_of(&sales);
  g_autofree char *total = sum(json_object_get(receivables, "itens"), "total", NULL, NULL);
  g_autofree char *owed = book_entry_sum(book, "1.02.001", "2026-01-01", "2026-01-31", "debit");
  assert_string_equal(total, owed);
  g_auto(Reply) undated = get(book, SEARCH "pagina=1&tamanho_pagina=10");
  assert_true(says(&undated, 400, "data_vencimento_de"));
  g_auto(Reply) size = get(book, SEARCH DUE "30");
  assert_int_equal(size.status, 400);
  const char *id = json_string_value(
      json_object_get(json_array_get(json_object_get(receivables, "itens"), 0), "id"));
  g_autofree char *path =
      g_strconcat("/contaazul/v1/financeiro/eventos-financeiros/parcelas/", id, NULL);
  g_auto(Reply) detail = get(book, path);
  assert_true(says(&detail, 200, "\"rateio\""));
  assert_true(says(&detail, 200, "\"data_pagamento\" : \"2026-01-0"));
}

static void
test_bling_refuses_what_is_wrong(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 20, 100, 1);
#define MOVES "/bling/Api/v3/contascontabeis/503/movimentacoes?limite=2&dataInicial=2026-01-01&"
  g_auto(Reply) fine = get(book, MOVES "dataFinal=2026-12-31");
  assert_true(says(&fine, 200, "\"valorDebito\":"));
  g_auto(Reply) years = get(book, MOVES "dataFinal=2027-01-01");
  assert_true(says(&years, 400, "VALIDATION_ERROR"));
  g_auto(Reply) unknown = get(book, "/bling/Api/v3/contascontabeis/9/movimentacoes?dataInicial="
                                    "2026-01-01&dataFinal=2026-01-31");
  assert_true(says(&unknown, 404, "RESOURCE_NOT_FOUND"));
#define XML "/bling/Api/v2/contasreceber/xml/?filters=dataEmissao%5B01/01/2026%20TO%2031/01/2026%5D"
  g_autofree char *keyed = g_strconcat(XML "&apikey=", book_login(book, "api_key"), NULL);
  g_auto(Reply) xml = ask(keyed, NULL, "X-Ensaio: 1", NULL);
  assert_true(says(&xml, 200, "<retorno><contasreceber><contareceber><id>"));
  g_auto(Reply) wrong = ask(XML "&apikey=outra", NULL, "X-Ensaio: 1", NULL);
  assert_true(says(&wrong, 200, "<cod>3</cod>"));
  g_autofree char *v3 =
      g_strconcat("/bling/Api/v3/contascontabeis?apikey=", book_login(book, "api_key"), NULL);
  g_auto(Reply) refused = ask(v3, NULL, "X-Ensaio: 1", NULL);
  assert_true(says(&refused, 401, "UNAUTHORIZED"));
  g_autofree char *recorded = book_parameter(book, "v2-receivables", 1, "apikey");
  assert_null(recorded);
}

static Reply
ask_omie(const Book *book, const char *path, const char *method, const char *param)
{
  g_autofree char *body = g_strdup_printf(
      "{\"call\":\"%s\",\"app_key\":\"%s\",\"app_secret\":\"%s\",\"param\":[%s]}", method,
      book_login(book, "api_key"), book_login(book, "client_secret"), param);
  g_autofree char *url = g_strconcat("/omie/api/v1/", path, NULL);
  return ask(url, body, "Content-Type: application/json", NULL);
}

static void
test_omies_extract_stops_at_fifty_rows_without_a_word(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", NULL);
  book_seed(book, "2026-01-01", 20, 500, 1);
  g_auto(Reply) accounts = ask_omie(book, "geral/contacorrente/", "ListarContasCorrentes", "{}");
  assert_true(says(&accounts, 200, "\"nCodCC\":1000000503"));
#define EXTRACT(last)                                                                              \
  "{\"nCodCC\":1000000503,\"dPeriodoInicial\":\"01/01/2026\",\"dPeriodoFinal\":\"" last            \
  "/01/2026\",\"cExibirApenasSaldo\":\"N\"}"
  g_auto(Reply) month = ask_omie(book, "financas/extrato/", "ListarExtrato", EXTRACT("31"));
  g_autoptr(json_t) cut = json_of(&month);
  assert_int_equal(json_array_size(json_object_get(cut, "listaMovimentos")), 50);
  g_auto(Reply) days = ask_omie(book, "financas/extrato/", "ListarExtrato", EXTRACT("05"));
  g_autoptr(json_t) whole = json_of(&days);
  const json_t *rows = json_object_get(whole, "listaMovimentos");
  double balance = json_number_value(json_object_get(whole, "nSaldoAnterior"));
  assert_in_range(json_array_size(rows), 5, 49);
  for (size_t i = 1; i < json_array_size(rows); i++) {
    const json_t *row = json_array_get(rows, i);
    double amount = json_number_value(json_object_get(row, "nValorDocumento"));
    const char *way = json_string_value(json_object_get(row, "cNatureza"));
    balance += strcmp(way, "R") == 0 ? amount : -amount;
  }
  g_autofree char *came_to = g_strdup_printf("%.2f", balance);
  g_autofree char *told =
      g_strdup_printf("%.2f", json_number_value(json_object_get(whole, "nSaldoAtual")));
  assert_string_equal(came_to, told);
}

static void
test_omies_books_keep_omies_manners(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", NULL);
  book_seed(book, "2026-01-01", 20, 50, 1);
#define PERIOD "\"dDataDe\":\"01/01/2026\",\"dDataAte\":\"31/01/2026\""
  g_auto(Reply) balance =
      ask_omie(book, "geral/balancete/", "ListarBalancete", "{" PERIOD ",\"nCodEmpresa\":77}");
  assert_true(says(&balance, 200, "\"balancete\":[{\"cCodConta\":\"1\""));
  g_auto(Reply) again =
      ask_omie(book, "geral/balancete/", "ListarBalancete", "{" PERIOD ",\"nCodEmpresa\":77}");
  assert_true(says(&again, 500, "REDUNDANT"));
  g_auto(Reply) other =
      ask_omie(book, "geral/balancete/", "ListarBalancete", "{" PERIOD ",\"nCodEmpresa\":78}");
  assert_int_equal(other.status, 500);
  g_auto(Reply) tag = ask_omie(book, "geral/balancete/", "ListarBalancete",
                               "{" PERIOD ",\"nCodEmpresa\":77,\"outra\":1}");
  assert_true(says(&tag, 500, "[OUTRA]"));
  g_auto(Reply) nothing = ask_omie(book, "geral/contacorrente/", "ListarMovimentos",
                                   "{" PERIOD ",\"cCodConta\":\"9\"}");
  assert_true(says(&nothing, 500, "Client-5113"));
  g_auto(Reply) who = ask_omie(book, "geral/empresas/", "ListarEmpresas", "{\"pagina\":1}");
  assert_true(says(&who, 200, "\"codigo_empresa\" : 77"));
  assert_int_equal(book_calls(book, "ListarBalancete"), 4);
  book_fault(book, .kind = "ListarEmpresas", .status = 503);
  g_auto(Reply) broken = ask_omie(book, "geral/empresas/", "ListarEmpresas", "{\"pagina\":2}");
  assert_int_equal(broken.status, 503);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_balance_balances_and_entries_come_to_it),
      LEDGER_CASE(test_totvs_refuses_what_is_wrong),
      LEDGER_CASE(test_a_refresh_token_is_good_once),
      LEDGER_CASE(test_contaazul_tells_the_same_in_both_versions),
      LEDGER_CASE(test_bling_refuses_what_is_wrong),
      LEDGER_CASE(test_omies_extract_stops_at_fifty_rows_without_a_word),
      LEDGER_CASE(test_omies_books_keep_omies_manners),
  };
  return RUN("sandbox of the ledger", tests);
}
