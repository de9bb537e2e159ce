/* Purchase orders of an Omie that takes no time: every number is an order, open until it is closed.
 * In the sandbox's place in the stack of tests/bench/run, so that what is measured is our side. */
#define ROUTE_URL "/omie/api/v1/produtos/pedidocompra"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "http/route.h"

#define MAX_ORDERS ((guint64)1 << 26)

static guint8 *closed; /* a bit an order */

/* Before the parent forks: all workers share it. */
static void __attribute__((constructor)) map_orders(void)
{
  closed = mmap(NULL, MAX_ORDERS / 8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (closed == MAP_FAILED)
    abort();
}

/* By cNumero or by nCodPed, which are the same number; 0: none of ours. */
static guint64
order_of(const json_t *param)
{
  const char *number = json_string_value(json_object_get(param, "cNumero"));
  guint64 order = number != NULL ? strtoull(number, NULL, 10)
                                 : (guint64)json_integer_value(json_object_get(param, "nCodPed"));
  return order < MAX_ORDERS ? order : 0;
}

static void
write_consultation(JsonWriter *w, guint64 order)
{
  g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, order);
  guint8 byte = __atomic_load_n(&closed[order / 8], __ATOMIC_SEQ_CST);
  json_open_object(w, "cabecalho_consulta");
  json_add_int(w, "nCodPed", (gint64)order);
  json_add_text(w, "cNumero", number);
  json_add_text(w, "cEtapa", "10");
  json_add_text(w, "dIncData", "02/01/2025");
  json_add_int(w, "nCodFor", 2485994112);
  json_add_text(w, "cStatus", byte & 1 << order % 8 ? "Encerrado" : "Aberto");
  json_close_object(w);
  json_add_raw(w, "frete_consulta", "{\"nCodTransp\":0,\"cTpFrete\":\"9\",\"nValFrete\":0}");
  json_add_raw(w, "produtos_consulta",
               "[{\"nCodItem\":1,\"cCodItem\":\"001\",\"cDescricao\":\"Serviço de manutenção\","
               "\"cUnidade\":\"UN\",\"nQtde\":1,\"nValUnit\":1250.5,\"nValTot\":1250.5}]");
}

static gboolean
answer(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  const json_t *param = json_array_get(json_object_get(request_json(req), "param"), 0);
  const char *call = json_string_value(json_object_get(request_json(req), "call"));
  guint64 order = order_of(param);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  if (order == 0 || call == NULL) {
    response_status(res, 500);
    json_add_text(w, "faultstring", "ERROR: Pedido não cadastrado!");
    json_add_text(w, "faultcode", "SOAP-ENV:Client-106");
  } else if (strcmp(call, "AlterarPedidoCompra") == 0) {
    __atomic_fetch_or(&closed[order / 8], (guint8)(1 << order % 8), __ATOMIC_SEQ_CST);
    json_add_text(w, "cCodStatus", "0");
    json_add_text(w, "cDescStatus", "Pedido de compra encerrado com sucesso!");
  } else
    write_consultation(w, order);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Pedidos de compra, para medições",
    .methods = {{"POST", answer, ACCESS_PUBLIC, NULL}},
    .no_database = TRUE,
};
