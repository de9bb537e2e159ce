/* The sandbox's attachments. */
#include "harness.h"

#include <string.h>

static const char *
app(void)
{
  return harness_env("OMIE_APP_KEY");
}

static char *
digits_of(gint64 number)
{
  return g_strdup_printf("%" G_GINT64_FORMAT, number);
}

gint64
attachment_put_as(const char *tabela, gint64 n_id, const char *nome, const void *bytes,
                  gsize length, const char *code, gint64 listed_size)
{
  g_autofree char *document = digits_of(n_id), *size = digits_of(listed_size);
  /* with a sign in front, since an empty file is not the same as none */
  g_autofree char *base64 = bytes != NULL ? g_base64_encode(bytes, length) : NULL;
  g_autofree char *content = g_strconcat(base64 != NULL ? "=" : "", base64, NULL);
  return sql_number("select sandbox.omie_put_attachment($1, $2, $3::bigint, $4,"
                    "  case when $5 <> '' then decode(substr($5, 2), 'base64') end,"
                    "  $6, nullif($7::bigint, -1))",
                    app(), tabela, document, nome, content, code != NULL ? code : "", size);
}

gint64
attachment_put(const char *tabela, gint64 n_id, const char *nome, const void *bytes, gsize length)
{
  return attachment_put_as(tabela, n_id, nome, bytes, length, NULL, -1);
}

char *
attachments_json(const char *tabela, gint64 n_id)
{
  g_autofree char *document = digits_of(n_id);
  return sql_text(
      "select '[' || coalesce(string_agg(format("
      "  '{\"nome\":%s,\"tamanho\":%s,\"md5\":%s,\"codigo\":%s}', to_json(name),"
      "  coalesce(length(content)::text, 'null'),"
      "  coalesce(to_json(md5(content))::text, 'null'),"
      "  coalesce(to_json(integration_code)::text, 'null')), ',' order by position), '')"
      "  || ']'"
      "  from sandbox.omie_attachment"
      " where app_key = $1 and register = $2 and document = $3::bigint",
      app(), tabela, document);
}

gint64
attachments_count(const char *tabela, gint64 n_id)
{
  g_autofree char *document = digits_of(n_id);
  return sql_number("select count(*) from sandbox.omie_attachment"
                    " where app_key = $1 and register = $2 and document = $3::bigint",
                    app(), tabela, document);
}

char *
attachment_content(const char *tabela, gint64 n_id, const char *nome, gsize *length)
{
  g_autofree char *document = digits_of(n_id);
  g_autofree char *base64 =
      sql_text("select encode(content, 'base64') from sandbox.omie_attachment"
               " where app_key = $1 and register = $2 and document = $3::bigint and name = $4"
               " order by position limit 1",
               app(), tabela, document, nome);
  if (base64 == NULL)
    return NULL;
  gsize got;
  g_autofree guint8 *decoded = g_base64_decode(base64, &got);
  char *bytes = g_malloc0(got + 1);
  memcpy(bytes, decoded, got);
  if (length != NULL)
    *length = got;
  return bytes;
}

/* One column of the row that the last IncluirAnexo made. */
#define LAST_SENT(column)                                                                          \
  "select " column " from sandbox.omie_attachment"                                                 \
  " where app_key = $1 and sent is not null"                                                       \
  "   and ($2 = '' or register = $2 and document = $3::bigint and name = $4)"                      \
  " order by position desc limit 1"

char *
attachment_sent(const char *tabela, gint64 n_id, const char *nome, char **md5)
{
  g_autofree char *document = digits_of(n_id);
  const char *where = tabela != NULL ? tabela : "", *name = nome != NULL ? nome : "";
  if (md5 != NULL)
    *md5 = sql_text(LAST_SENT("sent_md5"), app(), where, document, name);
  return sql_text(LAST_SENT("sent"), app(), where, document, name);
}

/* Behaviour, status and body of an end. */
static const struct {
  const char *behaviour, *status, *body;
} ends[] = {
    [ENDS_IN_RESET] = {"reset", "", "null"},
    [ENDS_IN_TIMEOUT_PAGE] = {"answer", "504", "null"},
    [ENDS_IN_BYEBYE] =
        {"answer", "500",
         "sandbox.omie_fault_text('SOAP-ENV:Server',"
         "  'SOAP-ERROR: connection to the Application Server lost (PROTO_BYEBYE)')"},
    [ENDS_AS_REPEATED] = {"answer", "500",
                          "sandbox.omie_fault_text('SOAP-ENV:Client-8020', format('ERROR: Esta "
                          "requisição já foi processada ou está sendo processada e você pode "
                          "tentar novamente às %s. (1)',"
                          "  sandbox.omie_hour(sandbox.omie_now() + interval '1 minute')))"},
};

void
omie_write_ends(const char *method, guint nth, gboolean performed, OmieEnd end)
{
  g_autofree char *call = g_strdup_printf("%u", MAX(nth, 1));
  g_autofree char *statement = g_strdup_printf(
      "insert into sandbox.omie_fault (method, nth, performed, behaviour, status, body)"
      " values ($1, $2::int, $3::boolean, $4, nullif($5, '')::int, %s)",
      ends[end].body);
  sql(statement, method, call, performed ? "t" : "f", ends[end].behaviour, ends[end].status);
}
