/* Messages that wait to be sent, as rows of crm.interactions, and the route that sends them. */
#pragma once
#include "harness_worker.h"
/* after it: */
#include "harness_crm.h"

#define PROCESS         "/api/cron/process-interactions"
#define PROCESS_PROGRAM "cron/process-interactions"

/* crm_before with an organization O1, its phone F1, a template T1 with the one parameter "texto"
 * (clientName), a campaign C1 that has both, and a client K1, Maria Souza, (11) 98765-4321.  No
 * worker runs. */
int outbox_before(void **state);
int outbox_after(void **state);
#define OUTBOX_CASE(test) cmocka_unit_test_setup_teardown(test, outbox_before, outbox_after)

/* A message of campaign C1 to client K1 that is due now, as an import leaves it; later ones are due
 * later.  Its metadados tell of a purchase of 1234.50 with Ana. */
typedef struct {
  const char *client, *campaign, *organization; /* K1, C1, O1 */
  const char *day, *block;                      /* default: today, 00:00 */
  gboolean unplanned; /* by another system: not in the queue, not imediata */
} MessageOptions;
#define message_put(id, ...) message_put_with(id, &(MessageOptions){__VA_ARGS__})
void message_put_with(const char *id, const MessageOptions *options);

/* Another phone with a connection, and a campaign over it with template T1: "F2", "C2". */
void second_connection_put(void);

/* One column (any SQL expression) of a message; the harness's text. */
const char *message_column(const char *id, const char *column);
#define assert_message(id, column, expected)                                                       \
  do {                                                                                             \
    const char *cell = message_column(id, column);                                                 \
    assert_string_equal(cell != NULL ? cell : "(null)", expected);                                 \
  } while (0)

/* status_envio (or "-"), attempts, and when it is due again: "ENVIADO 1 never", "FALHOU 1 now",
 * "FALHOU 0 1800 s" (rounded to ten seconds). */
#define assert_message_stands(id, expected) assert_message(id, MESSAGE_STANDS, expected)
#define MESSAGE_STANDS                                                                             \
  "coalesce(status_envio, '-') || ' ' || tentativas || ' ' ||"                                     \
  " case when proxima_tentativa_em is null then 'never'"                                           \
  "      when proxima_tentativa_em <= now() then 'now'"                                            \
  "      else round(extract(epoch from proxima_tentativa_em - now()) / 10) * 10 || ' s' end"

/* A call of the route, which must answer 200: sent, failed, left. */
#define assert_processed(sent, failed, left)                                                       \
  assert_processed_at(sent, failed, left, __FILE__, __LINE__)
void assert_processed_at(gint64 sent, gint64 failed, gint64 left, const char *file, int line);

/* The route's program with such settings. */
#define process_restart(...) program_restart(PROCESS_PROGRAM, __VA_ARGS__)

/* The next wait of every message that waits is over; a suspended connection is free again. */
void waits_over(void);

/* The time of the worker that holds a message is over. */
void message_lease_over(const char *id);

/* The numbers that calls were to go to, in order of arrival: "5511987654321,…". */
const char *numbers_called(void);

/* The shortest pause between the starts of two calls, in ms. */
gint64 shortest_pause_ms(void);
