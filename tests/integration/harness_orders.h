/* Purchase orders of the sandbox's Omie.  They have a status and can be closed as long as the
 * setting `orders` is permissive, its default; omie_setting("orders", "strict") makes it the real
 * API, which knows neither. */
#pragma once
#include <glib.h>

#define CONSULT_ORDER "ConsultarPedCompra"
#define CLOSE_ORDER   "AlterarPedidoCompra"

/* An order with items 001 and 002, or another status for the one of this number; returns nCodPed.
 * Encerrado, Fechado and Finalizado count as closed. */
gint64 order_put(const char *numero, const char *status);

/* The status of an order (`item` NULL) or of its item: "" while the item has none of its own, NULL
 * when there is no such order or item. */
char *order_status(const char *numero, const char *item);
