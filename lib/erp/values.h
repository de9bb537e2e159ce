/* Values as ERPs write them: amounts, dates, account types and codes (erp-connectors.md 5.1 to
 * 5.4).  Pure; problems are stable words such as "invalid_amount", static. */
#pragma once
#include <glib.h>

#include "base/date.h"

typedef enum {
  ACCOUNT_UNTYPED,
  ACCOUNT_ASSET,
  ACCOUNT_LIABILITY,
  ACCOUNT_EQUITY,
  ACCOUNT_REVENUE,
  ACCOUNT_EXPENSE,
} AccountType;

/* "ASSET" … ; NULL for ACCOUNT_UNTYPED. */
const char *account_type_name(AccountType type);

/* The words of 5.1, whole and in any case, accents ignored; never codes that mean something in one
 * ERP only.  FALSE: invalid_account_type. */
gboolean account_type_parse(const char *text, AccountType *type) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE for 1 to 50 bytes without control characters (trimmed before); *usual tells whether it has
 * one of the shapes of 5.2. */
gboolean account_code_check(const char *code, gboolean *usual) G_GNUC_WARN_UNUSED_RESULT;

/* Compares codes segment by segment: numbers as numbers, else as text; "1.2" before "1.10". */
int account_code_compare(const char *a, const char *b);

/* The side on which a balance stands. */
typedef enum { SIDE_UNSTATED, SIDE_DEBIT, SIDE_CREDIT } AccountSide;

/* How one separator with three digits after it is read. */
typedef enum { HINT_AUTO, HINT_DOT, HINT_COMMA } DecimalHint;

/* Text by the grammar of 5.3, rounded half to even.  *side: a trailing D or C, else SIDE_UNSTATED
 * (may be NULL: then D and C are invalid).  NULL when fine, else the problem. */
const char *amount_parse_text(const char *text, DecimalHint hint, gint64 *centavos,
                              AccountSide *side) G_GNUC_WARN_UNUSED_RESULT;

/* The text of a JSON number. */
const char *amount_parse_number(const char *text, gint64 *centavos) G_GNUC_WARN_UNUSED_RESULT;

/* A day by 5.4.  Text with an offset and numbers are seen from `zone`.  NULL when fine; "" when the
 * text means "no date"; else invalid_date.  `instant` (may be NULL) gets "2026-01-05T10:30:00" when
 * the source had a time, else "". */
typedef struct {
  char text[24];
} TimeText;
const char *day_parse(const char *text, gboolean is_number, GTimeZone *zone, GDate *day,
                      TimeText *instant) G_GNUC_WARN_UNUSED_RESULT;

/* ISO 4217: three capital letters; *usual for BRL USD EUR GBP JPY CHF. */
gboolean currency_check(const char *code, gboolean *usual) G_GNUC_WARN_UNUSED_RESULT;
