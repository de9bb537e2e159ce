#include "crm/import_log.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"
#include "base/text.h"

#define PIECE_BYTES (1024 * 1024)
#define TEXT_BYTES  (16 * 1024) /* of an answer that is no JSON */
#define PRUNE_MOST  "1000"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

ImportLog
import_log_of(Db *db, Organization *organization, const char *run, const DateRange *days)
{
  g_autoptr(GString) window = g_string_new(NULL);
  organization->connector->write_window(days, window);
  return (ImportLog){db, organization, run, g_string_free(g_steal_pointer(&window), FALSE)};
}

void
import_log_clear(ImportLog *log)
{
  g_clear_pointer(&log->window, g_free);
}

/* The column `valor` of an answer's row. */
static char *
describe_answer(const ImportLog *log, const char *hash)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "identificador", log->organization->connector->identifier);
  json_open_object(w, "dados");
  json_add_text(w, "organizacaoId", log->organization->id);
  json_add_text(w, "execucaoId", log->run);
  json_add_text(w, "data", log->window);
  json_add_int(w, "registros", log->organization->received);
  json_add_text(w, "sha256", hash);
  json_close_object(w);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

/* A piece of the body from *offset on, at most `size` bytes, not cut inside a character; *offset
 * moves on.  Zero bytes, which only a body that is no JSON can have, become spaces.  NULL when it
 * cannot be read. */
static GString *
read_piece(Spool *body, gsize *offset, gsize size, GError **error)
{
  g_autoptr(GString) piece = g_string_sized_new(size);
  while (piece->len < size) {
    gssize read =
        spool_read(body, *offset + piece->len, piece->str + piece->len, size - piece->len);
    if (read < 0) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_INTERNAL, "the spool cannot be read");
      return NULL;
    }
    if (read == 0)
      break;
    g_string_set_size(piece, piece->len + (gsize)read);
  }
  if (piece->len == size) { /* perhaps in the middle of a character */
    const char *end = g_utf8_find_prev_char(piece->str, piece->str + piece->len);
    if (end != NULL && g_utf8_get_char_validated(end, piece->str + piece->len - end) >= 0x110000)
      g_string_truncate(piece, (gsize)(end - piece->str));
  }
  *offset += piece->len;
  for (gsize i = 0; i < piece->len; i++)
    if (piece->str[i] == '\0')
      piece->str[i] = ' ';
  return g_steal_pointer(&piece);
}

static gsize
beginning_of(Spool *body)
{
  char start[3];
  return spool_read(body, 0, start, sizeof start) == sizeof start &&
                 memcmp(start, byte_order_mark, sizeof start) == 0
             ? sizeof start
             : 0;
}

static const char sql_refresh[] = "select crm.refresh_answer($1, $2, $3)";

static const char sql_log[] =
    "select crm.log_answer($1, $2, $3, $4, $5::jsonb, $6, $7::boolean, $8)";

static const char sql_part[] =
    "insert into crm.raw_part (body, number, text) values ($1::uuid, $2::int, $3)";

static const char sql_log_parts[] = "select crm.log_answer($1, $2, $3, $4, $5::jsonb, $6, true,"
                                    "                      crm.take_parts($7::uuid))";

/* The parts of all these statements that are alike. */
typedef struct {
  const char *type, *hash, *value;
  const char *wrap; /* member of `dados` that holds it; NULL: it is `dados` itself */
  gsize begin;
} AnswerRow;

static gboolean
log_at_once(ImportLog *log, Spool *answer, gboolean is_json, const AnswerRow *row, GError **error)
{
  gsize offset = row->begin;
  const SalesConnector *connector = log->organization->connector;
  g_autoptr(GString) text = read_piece(answer, &offset, is_json ? PIECE_BYTES : TEXT_BYTES, error);
  if (text == NULL)
    return FALSE;
  log->organization->statements++;
  g_autoptr(PGresult) logged =
      db_query(log->db, DB_CLAIMS_SYSTEM, sql_log,
               DB_PARAMS(log->organization->id, connector->identifier, row->type, row->hash,
                         row->value, row->wrap, is_json ? "true" : "false", text->str),
               error);
  return logged != NULL;
}

static gboolean
send_parts(ImportLog *log, Spool *answer, const AnswerRow *row, GError **error)
{
  const SalesConnector *connector = log->organization->connector;
  g_autofree char *body = g_uuid_string_random();
  gsize offset = row->begin;
  for (gint64 number = 0; offset < spool_length(answer); number++) {
    g_autoptr(GString) piece = read_piece(answer, &offset, PIECE_BYTES, error);
    if (piece == NULL)
      return FALSE;
    log->organization->statements++;
    g_autoptr(PGresult) sent =
        db_exec(log->db, sql_part, DB_PARAMS(body, int_text(number), piece->str), error);
    if (sent == NULL)
      return FALSE;
  }
  g_autoptr(PGresult) logged = db_exec(log->db, sql_log_parts,
                                       DB_PARAMS(log->organization->id, connector->identifier,
                                                 row->type, row->hash, row->value, row->wrap, body),
                                       error);
  return logged != NULL;
}

/* Large, but perhaps known: it is sent only when it is not. */
static gboolean
log_in_parts(ImportLog *log, Spool *answer, const AnswerRow *row, GError **error)
{
  log->organization->statements++;
  g_autoptr(PGresult) known =
      db_query(log->db, DB_CLAIMS_SYSTEM, sql_refresh,
               DB_PARAMS(log->organization->id, row->type, row->hash), error);
  if (known == NULL || db_bool(known, 0, 0))
    return known != NULL;
  log->organization->statements += 3; /* begin, putting it together, commit */
  if (db_begin(log->db, DB_CLAIMS_SYSTEM, error) && send_parts(log, answer, row, error) &&
      db_commit(log->db, error))
    return TRUE;
  db_rollback(log->db);
  return FALSE;
}

gboolean
import_log_answer(ImportLog *log, Spool *answer, gboolean is_json, GError **error)
{
  const char *hash = spool_sha256(answer);
  g_autofree char *value = describe_answer(log, hash);
  g_autofree char *type = g_strconcat(log->organization->connector->type, "-importation-log", NULL);
  gboolean is_list = log->organization->connector->records == NULL;
  AnswerRow row = {type, hash, value, is_list ? NULL : "sales", beginning_of(answer)};
  return is_json && spool_length(answer) > PIECE_BYTES
             ? log_in_parts(log, answer, &row, error)
             : log_at_once(log, answer, is_json, &row, error);
}

/* ---- failures and rejected records ----------------------------------------------------------- */

void
import_problems_init(ImportProblems *problems)
{
  DbArray *arrays[] = {&problems->kinds,  &problems->codes,  &problems->details, &problems->ids,
                       &problems->fields, &problems->stages, &problems->records};
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    db_array_init(arrays[i]);
  problems->count = 0;
  problems->bytes = 0;
}

void
import_problems_clear(ImportProblems *problems)
{
  DbArray *arrays[] = {&problems->kinds,  &problems->codes,  &problems->details, &problems->ids,
                       &problems->fields, &problems->stages, &problems->records};
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    db_array_clear(arrays[i]);
}

void
import_problems_add_failure(ImportProblems *problems, const char *stage, const char *code,
                            const char *detail, const char *external_id)
{
  db_array_add(&problems->kinds, "error");
  db_array_add(&problems->codes, code);
  db_array_add(&problems->details, detail);
  db_array_add(&problems->ids, external_id);
  db_array_add(&problems->fields, NULL);
  db_array_add(&problems->stages, stage);
  db_array_add(&problems->records, NULL);
  problems->count++;
}

void
import_problems_add_reject(ImportProblems *problems, const SaleRejection *why, const char *record,
                           gsize length)
{
  g_autofree char *text = g_strndup(record, length);
  db_array_add(&problems->kinds, "reject");
  db_array_add(&problems->codes, why->code);
  db_array_add(&problems->details, why->detail);
  db_array_add(&problems->ids, why->external_id);
  db_array_add(&problems->fields, why->field);
  db_array_add(&problems->stages, NULL);
  db_array_add(&problems->records, text);
  problems->count++;
  problems->bytes += length;
}

static const char sql_problems[] =
    "select crm.log_problems($1, $2, $3, $4, $5, $6, $7::text[], $8::text[], $9::text[],"
    "                        $10::text[], $11::text[], $12::text[], $13::text[])";

gboolean
import_log_problems(ImportLog *log, ImportProblems *problems, GError **error)
{
  const SalesConnector *connector = log->organization->connector;
  if (problems->count == 0)
    return TRUE;
  log->organization->statements++;
  g_autoptr(PGresult) written =
      db_query(log->db, DB_CLAIMS_SYSTEM, sql_problems,
               DB_PARAMS(log->organization->id, connector->identifier, connector->type, log->run,
                         log->window, setting(APP_TIMEZONE), db_array_text(&problems->kinds),
                         db_array_text(&problems->codes), db_array_text(&problems->details),
                         db_array_text(&problems->ids), db_array_text(&problems->fields),
                         db_array_text(&problems->stages), db_array_text(&problems->records)),
               error);
  import_problems_clear(problems);
  import_problems_init(problems);
  return written != NULL;
}

static const char sql_prune[] = "select crm.prune_import_logs($1, $2::int, $3::int)";

gboolean
import_log_prune(Db *db, Organization *organization, GError **error)
{
  organization->statements++;
  g_autoptr(PGresult) pruned =
      db_query(db, DB_CLAIMS_SYSTEM, sql_prune,
               DB_PARAMS(organization->id, setting(UTILS_RETENCAO_DIAS), PRUNE_MOST), error);
  return pruned != NULL;
}
