/* Calling the stand-ins of data collecting directly, over TLS. */
#pragma once
#include "harness_sales.h"

/* What a stand-in answered. */
typedef struct {
  long status;         /* 0: no whole answer */
  const char *failure; /* why, in libcurl's words */
  GString *body;
  char retry_after[16];
  gint64 took_us;
} Reply;
void reply_clear(Reply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reply, reply_clear)

/* POSTs a body, or GETs when there is none, with one or two headers ("Name: value"). */
Reply ask(const char *path, const char *body, const char *header, const char *other);

/* Online Software, as SALES_TOKEN asks for 5 March 2026. */
Reply ask_sales(const char *token, const char *routine, const char *from, const char *to);
#define ask_day() ask_sales(SALES_TOKEN, "listarVendas001", "05032026", "05032026")

/* CardapioWeb, as ORDERS_MERCHANT. */
#define ORDERS "/cardapio-web/api/partner/v1/orders/"
Reply ask_orders(const char *path);

/* Is the status this, and does the body contain that?  If not, tells what came. */
gboolean says(const Reply *reply, long status, const char *text);
