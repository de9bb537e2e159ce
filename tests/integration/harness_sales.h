/* Arranging what the sandbox's Online Software and CardapioWeb hold, answer and saw, and what holds
 * for all stand-ins of data collecting (tests/sandbox/sales.sql).  Include it after harness.h.
 *
 *   static void
 *   test_a_sale_is_stored(void **state)
 *   {
 *     sale_put(.id = "1", .client = "Maria Souza", .total = "199.90");
 *     sales_answer(.service = ONLINE_SOFTWARE, .status = 502, .times = 1);
 *     …
 *     assert_int_equal(sales_calls(ONLINE_SOFTWARE), 2);
 *     g_autofree char *from = sales_parameter(ONLINE_SOFTWARE, 1, "dtinicio");
 *   }
 *   … SALES_CASE(test_a_sale_is_stored) … */
#pragma once
#include "harness.h"

/* The stand-ins, as `service` names them everywhere. */
#define ONLINE_SOFTWARE "online-software"
#define CARDAPIO_WEB    "cardapio-web"
#define WHATSAPP        "whatsapp" /* Meta's Cloud API */
#define GATEWAY         "gateway"  /* the internal WhatsApp gateway */

/* Credentials that sales_reset leaves behind: one organization, one store. */
#define SALES_TOKEN     "ficha-de-ensaio-0001"
#define ORDERS_MERCHANT "10001"
#define ORDERS_KEY      "chave-de-ensaio-10001"

/* harness_before and harness_after, and between them sales_reset and sales_release.  A harness with
 * more to arrange calls these two from its own. */
int sales_before(void **state);
int sales_after(void **state);
#define SALES_CASE(test) cmocka_unit_test_setup_teardown(test, sales_before, sales_after)

/* Everything of these stand-ins back to the beginning: no records, calls, messages, faults; default
 * settings, except that CardapioWeb has no limits and knows (like Online Software) the credentials
 * above. */
void sales_reset(void);

/* Further organizations of Online Software, stores of CardapioWeb.  (Putting a sale or an order for
 * one that is unknown makes it as well; a store's key is then "chave-de-ensaio-" and its merchant
 * id.)  Suspended: their credentials are refused from now on. */
void sales_organization(const char *token);
void orders_store(const char *merchant, const char *api_key);
void sales_suspend(const char *token_or_merchant);

/* ---- Online Software ---------------------------------------------------------------------------
 */

/* One sale with the wire names of data-collecting.md 2.3 and 2.4; what is NULL has its default.
 * All other members are there too (modelo "DV", movimento "RECEITAS" …). */
typedef struct {
  const char *token;  /* SALES_TOKEN */
  const char *day;    /* "2026-03-05"; default: today in São Paulo.  Listed under it, and `data` */
  const char *id;     /* "1001" */
  const char *client; /* "MARIA SOUZA"; "AO CONSUMIDOR" buys without a name */
  const char *phone;  /* clientefone; default null */
  const char *mobile; /* clientecelular; default: null when `phone` is given or the client is not
                       * the default one, else "(11) 98765-4321" */
  const char *total;  /* valor: "100.00" */
  const char *nature; /* "SN01" */
  const char *seller; /* vendedor: "N/A" */
  const char *partner; /* parceiro: null */
  const char *items;   /* a JSON array; default: one item, code 10, quantity 1, price `total` (when
                        * that is no amount: 100.00) */
  const char *with;    /* a JSON object whose members replace or follow those above; null is null */
} Sale;
#define sale_put(...) sale_put_with(&(Sale){__VA_ARGS__})
void sale_put_with(const Sale *sale);

/* An item for `items`: {"codigo": …}, with every member of 2.4; NULL as above (code "10", quantity
 * "1", price "100.00", discount "0.00", cost "40.00").  Free with g_free.  The cost is a JSON
 * number as on the wire. */
typedef struct {
  const char *code, *description, *quantity, *price, *discount, *cost;
  const char *with; /* as above */
} SaleItem;
#define sale_item(...) sale_item_text(&(SaleItem){__VA_ARGS__})
char *sale_item_text(const SaleItem *item);

/* A record exactly as given (any JSON value, members in this order, numbers as typed), listed under
 * `day` (NULL: today in São Paulo).  The same id may be put twice: then it is listed twice. */
void sale_put_json(const char *day, const char *record);

/* Changes members of a sale of SALES_TOKEN (null: to null); a changed `data` moves it to that day.
 * Fails when there is no such sale. */
void sale_change(const char *id, const char *members);
void sale_remove(const char *id);

/* So many sales of SALES_TOKEN, always the same for a day and number; `day` NULL: today.  `buyers`:
 * out of so many different buyers; 0: every third sale has a new one. */
void sales_seed(const char *day, guint count, guint buyers);

/* ---- CardapioWeb -------------------------------------------------------------------------------
 */

/* One order with the fields of 3.4. */
typedef struct {
  const char *merchant;                   /* ORDERS_MERCHANT */
  gint64 id;                              /* 5001.  Put again: the same order anew */
  const char *status;                     /* "closed" */
  const char *total;                      /* the number's text: "50.00" */
  const char *created_at;                 /* default: now, with -03:00 */
  const char *updated_at;                 /* default: created_at */
  const char *order_type, *sales_channel; /* "delivery", "catalog" */
  gint64 customer_id;                     /* 70001 */
  const char *customer_name, *phone;      /* "João Lima", "11987654321" */
  gboolean anonymous;                     /* customer is null */
  const char *items;                      /* a JSON array; default: one item, item_id 7 */
  const char *with; /* a JSON object whose members replace or follow those above */
} Order;
#define order_put(...) order_put_with(&(Order){__VA_ARGS__})
void order_put_with(const Order *order);

/* An order exactly as given; it needs an integer `id`.  `created_at` that is no instant: now. */
void order_put_json(const char *record);

/* Changes members of an order of ORDERS_MERCHANT; updated_at moves on unless it is given. */
void order_change(gint64 id, const char *members);
void order_remove(gint64 id);

/* So many orders of ORDERS_MERCHANT, always the same for a day and number; `day` NULL: today. */
void orders_seed(const char *day, guint count);

/* CardapioWeb's limits of calls in a sliding minute per store (real: 5 and 400; 0: none). */
void orders_limits(guint history_per_minute, guint details_per_minute);

/* ---- faults, time, what was seen: all services -------------------------------------------------
 */

/* What a service answers in place of the truth.  Of several that concern a call the one arranged
 * first is played. */
typedef struct {
  const char *service; /* ONLINE_SOFTWARE …; NULL: any */
  const char *who;     /* calls with this token, merchant, phone id or gateway session; NULL: any */
  const char *kind;    /* "sales", "history", "details", "messages"; NULL: any */
  const char *request; /* only calls whose request contains this JSON: {"id":"5001"} (details),
                        * {"page":"2"} (history: all values are texts), {"to":"5511…"}; NULL: any */
  guint call;          /* the n-th such call from now on; 0: the next */
  guint times;         /* so often; 0: always */
  guint status;        /* HTTP status; 0: 200 with a body, else 500 */
  const char *body;    /* sent as it is; need not be UTF-8.  NULL: the service's own words */
  const char *type;    /* content type; default by the body: JSON or HTML */
  const char *headers; /* a JSON object: {"Retry-After":"2"} */
  const char *trick;   /* "reset": the connection ends without an answer; "cut": the truth (or
                        * `body`), but half of it; "hang": the truth after delay_ms; "lost": accepted
                        * and done, and then as "reset" */
  guint delay_ms;      /* before anything is sent */
} SalesAnswer;
#define sales_answer(...) sales_answer_with(&(SalesAnswer){__VA_ARGS__})
void sales_answer_with(const SalesAnswer *answer);
void sales_answers_clear(void);

/* Every call of a service takes so long from now on; waiting calls occupy no worker. */
void sales_latency(const char *service, guint ms);

/* A setting of a service (select * from sandbox.sales_settings lists them). */
void sales_setting(const char *service, const char *name, const char *value);

/* A minute passes for CardapioWeb's limits. */
void sales_forget(void);

/* Calls of a service (and kind; NULL: any) wait in the sandbox, their work done and logged but not
 * answered, until sales_release.  At most 8 at once. */
void sales_hold(const char *service, const char *kind);
/* How many are waiting so. */
gint64 sales_held(void);
void sales_release(void);

/* What a service saw, refused calls included: how many calls (of a kind, of a who; NULL: any). */
gint64 sales_calls(const char *service);
gint64 sales_calls_of(const char *service, const char *kind, const char *who);

/* The n-th call (from 1, in order of arrival): its request as JSON text (Online Software: the body
 * without its token; CardapioWeb: the parameters as texts, repeated ones as arrays, and `id`;
 * WhatsApp: the body), or one member as text; NULL when there is none.  Free with g_free. */
char *sales_request(const char *service, guint nth);
char *sales_parameter(const char *service, guint nth, const char *name);

/* When the n-th call began, in microseconds since 1970; and the HTTP status it got (0: none yet, or
 * a connection that was reset). */
gint64 sales_call_start_us(const char *service, guint nth);
guint sales_call_status(const char *service, guint nth);

/* How many calls of a service ran at once at the most. */
gint64 sales_calls_at_once(const char *service);
