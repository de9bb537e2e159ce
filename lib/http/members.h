/* The members of a small JSON body where only the first one that is wrong is told (backoffice.md
 * 3):
 *
 *   g_auto(Members) body = members_of(request_json(req));
 *   gint64 id = members_integer(&body, "n_id", "n_id é obrigatório", "n_id deve ser …");
 *   if (!members_are_valid(&body, res, error))
 *     return FALSE;
 *
 * A reader has two texts: of what is missing (NULL: it may be) and of what is wrong.  After the
 * first complaint all readers return nothing.  (lib/http/fields.h tells all that is wrong at once.)
 */
#pragma once
#include <jansson.h>

#include "http/response.h"

typedef struct {
  const json_t *body;      /* NULL: an empty body */
  char *complaint, *about; /* the first, and the member it is about */
  GStringChunk *texts;
} Members;
Members members_of(const json_t *body);
void members_clear(Members *members);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Members, members_clear)

/* A whole number from 1 on, as JSON integer or as 1 to 19 digits (3.7).  Missing, and then 0:
 * absent, null, "", and the number 0. */
gint64 members_integer(Members *members, const char *name, const char *missing, const char *wrong);

/* true or false, 1 or 0, as JSON or as text in any case (3.8); absent or null: `fallback`. */
gboolean members_flag(Members *members, const char *name, gboolean fallback, const char *wrong);

/* Text, trimmed, borrowed from `members` (3.9).  Missing, and then NULL: absent, null, blank. */
const char *members_text(Members *members, const char *name, const char *missing,
                         const char *wrong);

/* The same, where an integer is taken as its digits. */
const char *members_number_text(Members *members, const char *name, const char *missing,
                                const char *wrong);

/* Complains when `fits` is FALSE. */
void members_expect(Members *members, gboolean fits, const char *name, const char *message);

/* At most so many characters (NULL fits), else "<name> deve ter no máximo <max> caracteres". */
void members_expect_length(Members *members, const char *name, const char *text, glong max);

/* TRUE without a complaint.  Errors: INVALID_FIELDS with it, and in `fields` whom it is about. */
gboolean members_are_valid(const Members *members, Response *res,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
