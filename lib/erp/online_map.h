/* Online Software's record of a sale (data-collecting.md 2.3 to 2.7). */
#pragma once
#include "erp/sale.h"

/* SalesConnector.map and .id_of (erp/sales.h). */
gboolean online_map(const char *record, gsize length, GTimeZone *zone, SaleArena *arena, Sale *sale,
                    SaleRejection *why);
char *online_id_of(const char *record, gsize length);
