/* A page of CardapioWeb's history: which orders there are, without their contents
 * (data-collecting.md 3.2). */
#pragma once
#include <glib.h>

#include "erp/sale.h"
#include "erp/sales.h"

#define CARDAPIO_PAGE_SIZE 100 /* the most that they give */

typedef struct {
  GPtrArray *ids, *statuses, *updated; /* const char *, of the arena; of finished orders only */
  GPtrArray *unreadable;               /* SalesMissing: what is listed but cannot be asked for */
  gboolean is_last;
  SaleArena *arena;
} CardapioPage;

/* The orders of page `number` (from 1); NULL when it is no such page (ENVELOPE_INVALIDO). */
CardapioPage *cardapio_page_read(const GString *text, guint number);
void cardapio_page_free(CardapioPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardapioPage, cardapio_page_free)

/* An order that could not be had.  Takes the failure over. */
SalesMissing *cardapio_missing_new(const char *external_id, SalesFailure *failure);
void cardapio_missing_free(SalesMissing *missing);
