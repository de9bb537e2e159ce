/* Asking for transfers and looking at what became of them. */
#include "harness_transfer.h"

#include <string.h>

gint64
receipt_file(const char *name, const char *content)
{
  return attachment_put(RECEIPTS, RECEIPT, name, content, content != NULL ? strlen(content) : 0);
}

gint64
payable_file(const char *name, const char *content)
{
  return attachment_put(PAYABLES, PAYABLE, name, content, strlen(content));
}

guint8 *
noise_new(gsize length)
{
  GByteArray *noise = g_byte_array_sized_new((guint)length);
  guint32 seed = 1;
  g_byte_array_set_size(noise, (guint)length);
  for (gsize i = 0; i < length; i++) {
    seed = seed * 1664525u + 1013904223u;
    noise->data[i] = (guint8)(seed >> 24);
  }
  return g_byte_array_free(noise, FALSE);
}

void
receipt_noise(const char *name, gsize length)
{
  g_autofree guint8 *noise = noise_new(length);
  attachment_put(RECEIPTS, RECEIPT, name, noise, length);
}

void
receipt_abc(void)
{
  receipt_file("a.txt", "first");
  receipt_file("b.txt", "second");
  receipt_file("c.txt", "third");
}

/* ---- asking -------------------------------------------------------------------------------------
 */

static char *
order_of(gint64 receipt, gint64 payable, const char *more)
{
  return g_strdup_printf("{\"origem_id\":%" G_GINT64_FORMAT ",\"destino_id\":%" G_GINT64_FORMAT
                         "%s}",
                         receipt, payable, more);
}

Answer *
transfer_of(gint64 receipt, gint64 payable, const char *more)
{
  g_autofree char *body = order_of(receipt, payable, more);
  return bo_post(TRANSFER, body);
}

Answer *
transfer_with(const char *more)
{
  return transfer_of(RECEIPT, PAYABLE, more);
}

Answer *
transfer_now(void)
{
  return transfer_with("");
}

Pending *
transfer_start(void)
{
  static char *body; /* outlives the call */
  if (body == NULL)
    body = order_of(RECEIPT, PAYABLE, "");
  return call_start("POST", TRANSFER, .token = fin_token(), .body = body);
}

Answer *
retry_pending(void)
{
  return call("POST", RETRY_TRANSFERS, .token = fin_token());
}

/* ---- looking ------------------------------------------------------------------------------------
 */

static const char *const parts[] = {"incluidos",    "ja_transferidos", "duplicados",
                                    "sem_conteudo", "erros_inclusao",  "sem_nome",
                                    "nao_tentados"};

static gint64
figure(const Answer *answer, const char *name)
{
  const json_t *value = json_object_get(json_object_get(answer->json, "detalhes"), name);
  return json_is_integer(value) ? json_integer_value(value) : -1;
}

static void
assert_sum_at(const Answer *answer, const char *file, int line)
{
  gint64 sum = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
    gint64 part = figure(answer, parts[i]);
    if (part < 0) {
      print_error("detalhes has no %s: %s\n", parts[i], answer->body);
      _fail(file, line);
    }
    sum += part;
  }
  if (figure(answer, "contagem_origem") != sum || figure(answer, "contagem_destino_inicial") < 0 ||
      figure(answer, "elapsed_ms") < 0) {
    print_error("the figures do not add up: %s\n", answer->body);
    _fail(file, line);
  }
}

static const char sql_row[] =
    "select format('%s %s of %s, %s listed, %s, %s', status, anexos_sucesso, total_anexos,"
    "  jsonb_array_length(anexos_transferidos), coalesce(mensagem_erro, 'no message'),"
    "  case when lease_token is null and lease_ate is null and worker is null"
    "        and processado_em is not null then 'ended' else 'open' end)"
    "  from " TRANSFERS " where id = $1";

void
assert_result_at(const Answer *answer, const char *status, gint64 sent, gint64 total,
                 const char *message, const char *file, int line)
{
  assert_status_at(answer, 200, file, line);
  assert_member_at(answer, "status", status, file, line);
  assert_member_at(answer, "mensagem_erro", message, file, line);
  if (answer_int(answer, "anexos_transferidos") != sent ||
      answer_int(answer, "total_anexos") != total) {
    print_error("not %d of %d: %s\n", (int)sent, (int)total, answer->body);
    _fail(file, line);
  }
  assert_sum_at(answer, file, line);
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, answer_int(answer, "log_id"));
  g_autofree char *expected =
      g_strdup_printf("%s %d of %d, %d listed, %s, ended", status, (int)sent, (int)total, (int)sent,
                      message != NULL ? message : "no message");
  assert_sql_text(file, line, expected, sql_row, id, NULL);
}

void
assert_figures_at(const Answer *answer, const char *expected, const char *file, int line)
{
  g_auto(GStrv) named = g_strsplit(expected, ",", -1);
  g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; named[i] != NULL; i++) {
    char *equals = strchr(named[i], '=');
    g_hash_table_insert(values, g_strndup(named[i], (gsize)(equals - named[i])),
                        GINT_TO_POINTER((int)g_ascii_strtoll(equals + 1, NULL, 10)));
  }
  gboolean fine = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    fine &= figure(answer, parts[i]) ==
            GPOINTER_TO_INT(g_hash_table_lookup(values, parts[i])); /* not named: 0 */
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, values);
  while (g_hash_table_iter_next(&iter, &name, &value))
    fine &= figure(answer, name) == GPOINTER_TO_INT(value);
  if (!fine) {
    print_error("not %s: %s\n", expected, answer->body);
    _fail(file, line);
  }
}

void
assert_names_at(const char *table, gint64 id, const char *expected, const char *file, int line)
{
  g_autofree char *document = g_strdup_printf("%" G_GINT64_FORMAT, id);
  assert_sql_text(file, line, expected,
                  "select coalesce(string_agg(name, ',' order by position), '')"
                  "  from sandbox.omie_attachment where register = $1 and document = $2",
                  table, document, NULL);
}

void
assert_copy_at(gint64 receipt, gint64 payable, const char *file, int line)
{
  g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, receipt);
  g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, payable);
  g_autofree char *wanted =
      sql_text("select jsonb_agg(jsonb_build_array(name, md5(content), 'B' || id) order by"
               " position)::text from sandbox.omie_attachment"
               " where register = '" RECEIPTS "' and document = $1",
               from);
  assert_sql_text(file, line, wanted,
                  "select jsonb_agg(jsonb_build_array(name, md5(content), integration_code) order"
                  " by position)::text from sandbox.omie_attachment"
                  " where register = '" PAYABLES "' and document = $1",
                  to, NULL);
}

void
method_fault(const char *method, guint times, const char *code, const char *text)
{
  g_autofree char *body = sql_text("select sandbox.omie_fault_text($1, $2)", code, text);
  omie_answer(.method = method, .times = times, .status = 500, .body = body);
}

void
assert_shown_nowhere_at(const char *text, const char *file, int line)
{
  gsize logged = 0;
  static const char *const programs[] = {TRANSFER_PROGRAM, UPLOAD_PROGRAM, RETRY_PROGRAM};
  assert_sql_text(file, line, "0",
                  "select count(*) from " TRANSFERS " t where strpos(t::text, $1) > 0", text, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
    g_autofree char *log = program_log_since(programs[i], 0);
    logged += strlen(log);
    if (strstr(log, text) != NULL) {
      print_error("%s logs it\n", programs[i]);
      _fail(file, line);
    }
  }
  assert_true(logged > 0);
}
