/* Values appended to a text by hand, for what is written a million times (a JsonWriter elsewhere).
 * Pure. */
#pragma once
#include "base/date.h"
#include "base/text.h"

/* A JSON string with its quotes; text that is not valid UTF-8 is written with U+FFFD in place of
 * what is wrong. */
void append_json(GString *text, const char *value);

/* The same; null for NULL and "". */
void append_json_or_null(GString *text, const char *value);

/* 2026-01-05, without quotes */
void append_day(GString *text, const GDate *day);

/* -1950.00, without quotes, from centavos. */
void append_money(GString *text, gint64 centavos);
