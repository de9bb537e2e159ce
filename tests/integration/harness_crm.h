/* The CRM as tests arrange it, run it and look at it.  Ids are the test's own words ("O1", "P1"),
 * money is text ("5.00"), and every text returned here is the harness's, up to the end of the test.
 *
 *   organization_put("O1", ONLINE);          the shop, and its account at the stand-in
 *   cashback_put("P1", "O1");                5 % from 20.00 on, 60 days
 *   campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
 *   sale_put(.id = "1001", .client = "Maria Souza", .total = "100.00");
 *   g_autoptr(Answer) answer = collect_ok();
 *   assert_collected(answer, "O1", "status", "OK");
 *   assert_collected(answer, "O1", "vendasCriadas", "1");
 *   assert_string_equal(balance_of("O1", "Maria Souza"), "5.00"); */
#pragma once
#include "harness_sales.h"
#include "harness_whatsapp.h"

#define COLLECT         "/api/cron/data-collecting"
#define COLLECT_PROGRAM "cron/data-collecting"

#define ONLINE   "ONLINE-SOFTWARE"
#define CARDAPIO "CARDAPIO-WEB"

/* harness_before and harness_after with an empty schema crm, stand-ins of the shops' ERPs and of
 * WhatsApp without data and faults, nobody working in the background, and a collecting program that
 * waits for nothing (CRM_SETTINGS). */
int crm_before(void **state);
int crm_after(void **state);
#define CRM_CASE(test) cmocka_unit_test_setup_teardown(test, crm_before, crm_after)

/* What the collecting program runs with in a CRM_CASE; give them again when you restart it:
 *   collect_restart("COLETA_LOTE=3", "COLETA_LEASE_S=1") */
#define CRM_SETTINGS                                                                               \
  "ERP_TRANSIENT_WAITS_MS=10,10", "CW_REQUISICOES_POR_MINUTO=100000",                              \
      "CW_HISTORICO_POR_MINUTO=100000", "CW_LIMITE_ESPERA_MS=10", "CW_FALHA_ESPERA_MS=10"
#define collect_restart(...) program_restart(COLLECT_PROGRAM, CRM_SETTINGS, __VA_ARGS__)

/* ---- arranging ------------------------------------------------------------------------------- */

/* An organization with that integration, and its account at the stand-in.  integration NULL: none.
 * The first of each integration in a test has the credentials that sale_put and order_put take when
 * none are named (SALES_TOKEN; ORDERS_MERCHANT); of the others name them:
 *   sale_put(.token = token_of("O2"), …)   order_put(.merchant = merchant_of("O4"), …) */
void organization_put(const char *id, const char *integration);
const char *token_of(const char *organization);
const char *merchant_of(const char *organization);

/* integracao_configuracao as it is given, JSON. */
void organization_configure(const char *id, const char *configuration);

/* The active cashback program, as section 12 has it unless told: PERCENTUAL 5 %, partner 0,
 * minimum 20.00, via integration, 60 days. */
typedef struct {
  const char *kind; /* "FIXO" or "PERCENTUAL" */
  const char *value, *partner_value, *minimum;
  const char *days;        /* "60" */
  gboolean no_integration; /* acumulo_permitir_via_integracao false */
  gboolean inactive;
} CashbackOptions;
#define cashback_put(id, organization, ...)                                                        \
  cashback_put_with(id, organization, &(CashbackOptions){__VA_ARGS__})
void cashback_put_with(const char *id, const char *organization, const CashbackOptions *options);

/* A campaign: active, recurring without interval, at once (execucao_agendada_valor 0, block 09:00),
 * without segments, thresholds, cashback, template and phone, unless told.  Texts are the columns'
 * values; campaigns put later are younger. */
typedef struct {
  const char *title;    /* default: the id */
  const char *segments; /* "CLIENTES RECENTES,EM RISCO" */
  const char *minimum_value, *minimum_cashback, *minimum_balance, *purchase_count, *purchase_value;
  const char *delay, *delay_unit, *block; /* "2", "DIAS", "09:00" */
  gboolean once;                          /* permitir_recorrencia false */
  const char *interval, *interval_unit;   /* "7", "DIAS" */
  const char *phone;                      /* of phone_put: the campaign can send through it … */
  const char *template;                   /* … this template (template_put) */
  const char *cashback_kind, *cashback_value, *cashback_valid, *cashback_unit; /* "FIXO", "2.00" */
  const char *window_days;                                                     /* default "14" */
  gboolean inactive;
} CampaignOptions;
#define campaign_put(id, organization, trigger, ...)                                               \
  campaign_put_with(id, organization, trigger, &(CampaignOptions){__VA_ARGS__})
void campaign_put_with(const char *id, const char *organization, const char *trigger,
                       const CampaignOptions *options);

/* A phone of a Meta connection of its own, known to the stand-in under the same id; the
 * connection's id is "connection-F1". */
void phone_put(const char *id, const char *organization);

/* A template whose name is its id in lower case, with a body of one text and, when `variable` is
 * not NULL, that variable ("clientName") as its only parameter, named "texto". */
void template_put(const char *id, const char *organization, const char *variable);

/* A client that is there already. */
typedef struct {
  const char *phone;     /* display form; its base is made from its digits */
  const char *title;     /* analise_rfm_titulo, default CLIENTES RECENTES; "" for null */
  const char *available; /* a balance row with that much (and accumulated in all); NULL: no row */
  const char *purchases, *purchased; /* metadata_total_compras, …_valor_total_compras */
  const char *first, *last;          /* instants of the first and last purchase */
  const char *document, *external_id, *email;
} ClientOptions;
#define client_put(id, organization, name, ...)                                                    \
  client_put_with(id, organization, name, &(ClientOptions){__VA_ARGS__})
void client_put_with(const char *id, const char *organization, const char *name,
                     const ClientOptions *options);

/* An interaction that is there already: of a campaign with a client, inserted at an instant (any
 * timestamptz text, "2026-03-01 10:00-03"); executed NULL: not yet. */
void interaction_put(const char *id, const char *organization, const char *client,
                     const char *campaign, const char *inserted, const char *executed);

/* A day so many days from today in São Paulo: "2026-03-05", "05/03/2026", "05032026". */
const char *day_iso(int days);
const char *day_br(int days);
const char *day_compact(int days);

/* Redeems so much of a client's available cashback, as the redemption elsewhere does (6.8). */
void redeem(const char *organization, const char *client_name, const char *amount);

/* ---- running --------------------------------------------------------------------------------- */

/* The route with the cron's secret; query "" or "?modo=retroativo".  Any status. */
Answer *collect(const char *query);

/* A run that must end with 201. */
#define collect_ok()           collect_ok_at("", __FILE__, __LINE__)
#define collect_ok_with(query) collect_ok_at(query, __FILE__, __LINE__)
Answer *collect_ok_at(const char *query, const char *file, int line);

/* A run in the background; call_finish. */
Pending *collect_start(void);

/* A member of an organization's part of the answer, as text: "OK", "3", "5.00"; `erro` gives its
 * codigo.  NULL when the organization or member is not there, or it is null. */
const char *collected(const Answer *answer, const char *organization, const char *member);
#define assert_collected(answer, organization, member, expected)                                   \
  assert_collected_at(answer, organization, member, expected, __FILE__, __LINE__)
void assert_collected_at(const Answer *answer, const char *organization, const char *member,
                         const char *expected, const char *file, int line);

/* The same of `totais`. */
const char *collected_total(const Answer *answer, const char *member);
#define assert_collected_total(answer, member, expected)                                           \
  assert_collected_total_at(answer, member, expected, __FILE__, __LINE__)
void assert_collected_total_at(const Answer *answer, const char *member, const char *expected,
                               const char *file, int line);

/* The ids of organizacoes[] in order: "O1,O3". */
const char *collected_organizations(const Answer *answer);

/* ---- looking --------------------------------------------------------------------------------- */
/* Clients are named by their name key's text, sales by their id_externo; NULL when there is no such
 * row or the cell is null.  Instants come as "2026-03-05 14:07:00" in São Paulo, booleans as t/f.
 */

const char *client_id(const char *organization, const char *name);
const char *client_column(const char *organization, const char *name, const char *column);
const char *sale_id(const char *organization, const char *external_id);
const char *sale_column(const char *organization, const char *external_id, const char *column);
/* One column of the sale's items, in order, joined by commas. */
const char *item_column(const char *organization, const char *external_id, const char *column);

/* How many rows of a table of schema crm the organization has. */
gint64 crm_count(const char *table, const char *organization);

/* saldo_valor_disponivel; NULL: no balance row. */
const char *balance_of(const char *organization, const char *client);

/* "disponível acumulado resgatado": "5.00 5.00 0.00". */
const char *balances_of(const char *organization, const char *client);

/* The client's ledger in order of creation, one movement per item, joined by "; ":
 *   "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00"  type, status, valor (restante) anterior>posterior
 * with " C1" behind it when a campaign gave it. */
const char *movements_of(const char *organization, const char *client);

/* Holds for every client of the organization: each movement starts where the one before ended,
 * nothing is negative, and the balance is where the last one ended. */
#define assert_ledger_holds(organization) assert_ledger_holds_at(organization, __FILE__, __LINE__)
void assert_ledger_holds_at(const char *organization, const char *file, int line);

/* The interactions of a sale, or of a client, in order of creation, joined by "; ":
 *   "C1 imediata 2026-03-05 09:00 ENVIADO"  campaign, imediata or agendada, day, block,
 * status_envio (status "-" for null). */
const char *interactions_of_sale(const char *organization, const char *external_id);
const char *interactions_of_client(const char *organization, const char *name);

/* One column of the interaction of a sale (its external id) and campaign. */
const char *interaction_column(const char *organization, const char *external_id,
                               const char *campaign, const char *column);
/* A member of its metadados, as text. */
const char *interaction_data(const char *organization, const char *external_id,
                             const char *campaign, const char *member);

/* The rows of utils of one kind, "log", "error" or "reject": how many, and one cell (any SQL
 * expression over the row, "dados ->> 'codigo'") of the newest. */
gint64 import_rows(const char *organization, const char *kind);
const char *import_cell(const char *organization, const char *kind, const char *expression);

/* When the organization was last synchronised; NULL: never. */
const char *last_sync_of(const char *organization);

/* Somebody else holds the organization's lease for so long ("1 minute"); and lets go. */
void organization_hold(const char *id, const char *interval);
void organization_release(const char *id);

/* Everything in schema crm that two runs over the same records must leave alike, as one text: rows
 * of clients, products, sellers, partners, sales, items, balances, movements, interactions and
 * conversions, by their natural keys, without ids and instants of writing. */
const char *crm_snapshot(const char *organization);
