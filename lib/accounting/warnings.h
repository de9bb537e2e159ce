/* What a connector had to say on its way (erp_warn), for the answer. */
#pragma once
#include "base/json.h"
#include "erp/connector.h"

/* Each {"code","about","message","count"} into the open array; message null for an unknown code. */
void warnings_write(JsonWriter *w, const GPtrArray *warnings);
