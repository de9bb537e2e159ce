/* One GET of CardapioWeb's, asked again as data-collecting.md 3.3 says.  It never blocks; when it
 * may be sent is its owner's to say, who keeps the pace. */
#pragma once
#include "erp/sales_parts.h"

/* Whose orders, and how they are asked for. */
typedef struct {
  const char *headers[4]; /* ended by NULL; owned */
  char *account;          /* a hash of the key, for what all hosts share */
} CardapioStore;
void cardapio_store_init(CardapioStore *store, const char *configuration);
void cardapio_store_clear(CardapioStore *store);

typedef enum {
  CALL_IDLE,
  CALL_WANTS_TOKEN, /* from due_us on */
  CALL_CLEARED,     /* may be sent from due_us on */
  CALL_UNDER_WAY,
  CALL_DONE, /* `body` is the answer, UTF-8 */
  CALL_FAILED,
} CardapioCallState;

typedef struct {
  CardapioCallState state;
  char *url;
  gint64 due_us;
  guint attempts;
  HttpsCall *https;
  Spool *body;
  SalesFailure failure;
  gint64 pause_us; /* the last answer asked everybody to wait so long (429); else 0 */
} CardapioCall;
void cardapio_call_clear(CardapioCall *call); /* back to CALL_IDLE */

/* Takes a URL (owned from now on); wants a token at once. */
void cardapio_call_begin(CardapioCall *call, char *url);

/* Sends it. */
void cardapio_call_send(CardapioCall *call, const CardapioStore *store);

/* Looks whether its answer is there; then it is CALL_DONE, CALL_FAILED, or wants a token again. */
void cardapio_call_look(CardapioCall *call);

/* The text of an answer, without byte-order mark; NULL when it cannot be read. */
GString *cardapio_call_text(const CardapioCall *call);

/* Takes places in line of one of the store's limits for `count` requests: appends instants
 * (gint64, g_get_monotonic_time) to `places`.  `burst` of them may come at once. */
gboolean cardapio_take_places(Db *db, const CardapioStore *store, const char *limit,
                              gint64 per_minute, gint64 burst, guint count, GArray *places,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
