/* The back office as a person of the finance team calls it, and its tables as SQL arranges them. */
#pragma once
#include "harness.h"

#define ATTACHMENTS     "/api/attachments"
#define TRANSFER        ATTACHMENTS "/transferir"
#define UPLOAD          ATTACHMENTS "/incluir"
#define RETRY_TRANSFERS ATTACHMENTS "/processar_pendentes"
#define REGISTER        ATTACHMENTS "/registrar_mapeamento"
#define MAP             ATTACHMENTS "/mapeamentos"
#define ORDERS          "/api/purchase-orders"
#define ORDER_CLOSURE   ORDERS "/encerrar"
#define RETRY_ORDERS    ORDERS "/reprocessar_falhas"
#define TASKS           "/api/tasks"

#define NOT_FOUND    "Não encontrado."
#define INVALID_PAGE "Página inválida."

/* harness_before and harness_after with empty tables of the back office: a worker that comes back
 * after a test finds none of its rows. */
int backoffice_before(void **state);
int backoffice_after(void **state);
#define BACKOFFICE_CASE(test)                                                                      \
  cmocka_unit_test_setup_teardown(test, backoffice_before, backoffice_after)

/* A token of role fin; the harness keeps it. */
const char *fin_token(void);

Answer *bo_get(const char *format, ...) __attribute__((format(printf, 1, 2)));
Answer *bo_post(const char *path, const char *body);

/* Until the end of the test nobody works in the background. */
void workers_rest(void);

/* So many closures, PO1 to POn, failed once each, the later the younger. */
void closures(const char *count);

/* An error as its callers of old know it: its text also as `detail` or `erro`. */
#define assert_detail(answer, status, text)                                                        \
  assert_told_at(answer, status, "detail", text, __FILE__, __LINE__)
#define assert_erro(answer, status, text)                                                          \
  assert_told_at(answer, status, "erro", text, __FILE__, __LINE__)
void assert_told_at(const Answer *answer, guint status, const char *member, const char *text,
                    const char *file, int line);

/* Nothing was written into any log of the back office, and Omie was not called. */
#define assert_nothing_happened()                                                                  \
  do {                                                                                             \
    assert_count(0, "backoffice.attachment_transfer_log");                                         \
    assert_count(0, "backoffice.attachment_integration_map");                                      \
    assert_count(0, "backoffice.purchase_order_closure_log");                                      \
    assert_int_equal(sql_number("select count(*) from sandbox.omie_call"), 0);                     \
  } while (0)

/* One member of each row of a list, in order: "51,50,49". */
char *listed(const Answer *answer, const char *member);
#define assert_listed(answer, member, expected)                                                    \
  do {                                                                                             \
    g_autofree char *members_listed = listed(answer, member);                                      \
    assert_string_equal(members_listed, expected);                                                 \
  } while (0)
