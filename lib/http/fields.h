/* The members of a small JSON body, read and judged one by one; whatever is wrong with any of them
 * is told at once, in the error's `fields` (DESIGN, "Errors").
 *
 *   g_autoptr(Fields) body = fields_new(req);
 *   const char *name = fields_text(body, "name", FIELD_REQUIRED, 200);
 *   if (!fields_are_valid(body, res, error))
 *     return FALSE;
 *
 * In all readers the result is borrowed from `body`; NULL stands for absent, null or blank, and for
 * a member that was complained about. */
#pragma once
#include "http/request.h"
#include "http/response.h"

typedef struct Fields Fields;
typedef enum { FIELD_OPTIONAL, FIELD_REQUIRED } FieldNeed;

Fields *fields_new(const Request *req);
void fields_free(Fields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fields, fields_free)

/* Text, trimmed, of at most `max` characters. */
const char *fields_text(Fields *fields, const char *name, FieldNeed need, glong max);

/* A UUID in lower case. */
const char *fields_uuid(Fields *fields, const char *name, FieldNeed need);

/* A day "YYYY-MM-DD". */
const char *fields_date(Fields *fields, const char *name, FieldNeed need);

/* An amount that is not negative, of at most two decimals, as number or text: "1950.00". */
const char *fields_money(Fields *fields, const char *name, FieldNeed need);

/* An identifier of digits, as number or text, not 0. */
const char *fields_code(Fields *fields, const char *name, FieldNeed need);

/* A complaint of the handler's own; the first one about a member stands. */
void fields_complain(Fields *fields, const char *name, const char *message);

/* TRUE when nobody complained and no member is left that nobody asked for.
 * Errors: INVALID_FIELDS, with all complaints put into `res`. */
gboolean fields_are_valid(Fields *fields, Response *res, GError **error) G_GNUC_WARN_UNUSED_RESULT;
