/* The items of a CardapioWeb order and the options chosen with them (data-collecting.md 3.7). */
#pragma once
#include "erp/fields.h"

/* Items that are not cancelled, in the order delivered; FALSE with the reason. */
gboolean cardapio_items_read(yajl_val order, SaleArena *arena, GArray **items,
                             SaleRejection *why) G_GNUC_WARN_UNUSED_RESULT;
