/* The details of a list of orders: several calls at once, evenly paced, appended to a JSON array in
 * the order of the list (data-collecting.md 3.3). */
#pragma once
#include "erp/cardapio_call.h"

typedef struct CardapioDetails CardapioDetails;

/* `request` and `store` must outlive it. */
CardapioDetails *cardapio_details_new(const SalesRequest *request, const CardapioStore *store);
void cardapio_details_free(CardapioDetails *details);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardapioDetails, cardapio_details_free)

/* One more order; one that is listed already stays where it is. */
void cardapio_details_add(CardapioDetails *details, const char *id);

/* TRUE once every order was had, is missing, or will not be asked for (`fetch->partial`).  Gives
 * what it gets to `fetch`; a failure there ends it as well. */
gboolean cardapio_details_advance(CardapioDetails *details, SalesFetch *fetch);

gint64 cardapio_details_wait_ms(const CardapioDetails *details);
