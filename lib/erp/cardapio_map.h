/* CardapioWeb's details of an order, as a sale (data-collecting.md 3.4 to 3.8). */
#pragma once
#include "erp/sale.h"

/* SalesConnector.map and .id_of (erp/sales.h). */
gboolean cardapio_map(const char *record, gsize length, GTimeZone *zone, SaleArena *arena,
                      Sale *sale, SaleRejection *why);
char *cardapio_id_of(const char *record, gsize length);
