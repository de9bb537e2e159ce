/* Shops, clients and sales for the tests of the nightly analysis. */
#pragma once
#include "harness.h"

#define RFM_ANALYSIS "/api/cron/rfm-analysis"

/* A run, by POST. */
Answer *rfm_analyse(void);

/* An organization, a client of it titled CLIENTES RECENTES, a product of organization O. */
void rfm_shop_put(const char *id);
void rfm_client_put(const char *id, const char *shop);
void rfm_product_put(const char *id, const char *group);

/* A sale so many days ago, at noon of São Paulo; so many valid ones of 10.00 each, all that day. */
void rfm_sale_put(const char *id, const char *client, const char *nature, const char *value,
                  const char *days_ago);
void rfm_purchases_put(const char *client, int count, const char *days_ago);

/* A further item of a sale. */
void rfm_item_put(const char *sale, const char *product, const char *quantity);

/* CONFIG_RFM of an organization, JSON. */
void rfm_configure(const char *shop, const char *ranges);

/* Ranges of days, the number of purchases itself, values with a gap and an overlap. */
#define RANGES                                                                                     \
  "{\"recencia\":{\"5\":{\"min\":0,\"max\":10},\"4\":{\"min\":11,\"max\":20},"                     \
  "\"3\":{\"min\":21,\"max\":30},\"2\":{\"min\":31,\"max\":40},\"1\":{\"min\":41}},"               \
  "\"frequencia\":{\"1\":{\"min\":1,\"max\":1},\"2\":{\"min\":2,\"max\":2},"                       \
  "\"3\":{\"min\":3,\"max\":3},\"4\":{\"min\":4,\"max\":4},\"5\":{\"min\":5,\"max\":null}},"       \
  "\"monetario\":{\"1\":{\"min\":0,\"max\":15},\"2\":{\"min\":\"15\",\"max\":\"20.00\"},"          \
  "\"3\":{\"min\":20.01,\"max\":35},\"4\":{\"min\":36,\"max\":40},\"5\":{\"min\":41,\"max\":99}}}"

#define assert_analysed(answer, clients, written, titles)                                          \
  do {                                                                                             \
    assert_status(answer, 200);                                                                    \
    assert_int_equal(answer_int(answer, "clientesAnalisados"), clients);                           \
    assert_int_equal(answer_int(answer, "clientesAtualizados"), written);                          \
    assert_int_equal(answer_int(answer, "titulosAlterados"), titles);                              \
  } while (0)

/* "3 30.00 P1 Bebidas" */
#define assert_totals(client, expected)                                                            \
  assert_sql(expected,                                                                             \
             "select concat_ws(' ', metadata_total_compras, metadata_valor_total_compras,"         \
             "         metadata_produto_mais_comprado_id, metadata_grupo_produto_mais_comprado)"   \
             "  from crm.clients where id = $1",                                                   \
             client)

/* "5 1 1 CLIENTES RECENTES": notes of recency, frequency and value, and the title. */
#define assert_rfm(client, expected)                                                               \
  assert_sql(expected,                                                                             \
             "select concat_ws(' ', analise_rfm_notas_recencia, analise_rfm_notas_frequencia,"     \
             "         analise_rfm_notas_monetario, analise_rfm_titulo)"                           \
             "  from crm.clients where id = $1",                                                   \
             client)
