/* How a run of data collecting is told to its caller (data-collecting.md 1.9). */
#pragma once
#include "base/json.h"
#include "crm/collect.h"

/* Writes the whole body. */
void collect_write_answer(const CollectRun *run, GTimeZone *zone, JsonWriter *w);
