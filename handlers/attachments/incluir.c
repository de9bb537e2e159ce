/* /api/attachments/incluir
 *   POST  attaches a file that the caller sends to a record of Omie's */
#include "backoffice/base64.h"
#include "backoffice/download.h"
#include "backoffice/names.h"
#include "backoffice/upload.h"
#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "http/members.h"
#include "http/route.h"

#define MISSING "tabela, n_id, nome_arquivo e arquivo_base64 são obrigatórios"

/* Base64 makes four bytes of three; the rest is for the other members (3.6). */
static gsize
largest_body(void)
{
  return (gsize)setting_int(BACKOFFICE_MAX_FILE_BYTES) / 3 * 4 + 4 + 64 * 1024;
}

static gboolean
check_size(gsize length, Response *res, GError **error)
{
  gsize limit = (gsize)setting_int(BACKOFFICE_MAX_FILE_BYTES);
  if (length <= limit)
    return TRUE;
  g_autofree char *size = download_size_text(limit);
  g_autofree char *text = g_strdup_printf("Arquivo excede o limite de %s", size);
  response_error_field(res, "arquivo_base64", text);
  g_set_error_literal(error, PONTE_ERROR, ERROR_FILE_TOO_LARGE, text);
  return FALSE;
}

static void
log_upload(const Request *req, const Upload *upload, gsize size, const char *description,
           const GError *failure)
{
  log_info("[RF-001] upload", "user", request_caller(req)->sub, "table", upload->table, "id",
           int_text(upload->record_id), "name", upload->file_name, "size", int_text((gint64)size),
           "description", description, "outcome", failure == NULL ? "success" : failure->message,
           NULL);
}

/* A file is long: its text is freed before anything else is made of it. */
static void
read_content(Request *req, Members *body, GString *content)
{
  g_autoptr(GString) apart = request_take_long_text(req);
  const char *base64 =
      apart != NULL && apart->len > 0
          ? apart->str
          : members_text(body, "arquivo_base64", MISSING, "arquivo_base64 inválido");
  members_expect(body, base64 != NULL && base64_decode(base64, content) && content->len > 0,
                 "arquivo_base64", "arquivo_base64 inválido");
}

static gboolean
include(Request *req, Response *res, GError **error)
{
  g_auto(Members) body = members_of(request_json(req));
  g_autoptr(GString) content = g_string_new(NULL);
  Upload upload = {0};
  upload.table = members_text(&body, "tabela", MISSING, "tabela inválida");
  members_expect(&body, upload.table != NULL && name_is_table(upload.table), "tabela",
                 "tabela inválida");
  upload.record_id =
      members_integer(&body, "n_id", MISSING, "n_id deve ser um número inteiro positivo");
  upload.file_name = members_text(&body, "nome_arquivo", MISSING, "nome_arquivo inválido");
  members_expect(&body, upload.file_name != NULL && name_is_file(upload.file_name), "nome_arquivo",
                 "nome_arquivo inválido");
  read_content(req, &body, content);
  if (body.complaint == NULL && !check_size(content->len, res, error))
    return FALSE;
  const char *description =
      members_text(&body, "descricao", NULL, "descricao deve ter no máximo 500 caracteres");
  members_expect_length(&body, "descricao", description, 500);
  if (!members_are_valid(&body, res, error))
    return FALSE;

  g_autofree char *answer = NULL;
  g_autoptr(GError) failure = NULL;
  gsize size = content->len;
  upload.content = g_steal_pointer(&content);
  gboolean done = upload_run(request_db(req), &upload, request_deadline_us(req), &answer, &failure);
  log_upload(req, &upload, size, description, failure);
  if (!done) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  json_add_raw(response_json(res), NULL, answer);
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Inclui um arquivo como anexo de um registro do Omie",
    .methods = {{"POST", include, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
    .deadline_seconds = 420,
    .measure_body = largest_body,
    .long_member = "arquivo_base64",
};
