#include "harness_interactions.h"

#include "harness_crm_texts.h"

int
outbox_before(void **state)
{
  crm_before(state);
  organization_put("O1", NULL);
  phone_put("F1", "O1");
  template_put("T1", "O1", "clientName");
  campaign_put("C1", "O1", "NOVA-COMPRA", .phone = "F1", .template = "T1");
  client_put("K1", "O1", "Maria Souza", .phone = "(11) 98765-4321");
  return 0;
}

int
outbox_after(void **state)
{
  worker_resume();
  return crm_after(state);
}

void
message_put_with(const char *id, const MessageOptions *options)
{
  sql("insert into crm.interactions (id, organizacao_id, cliente_id, campanha_id, titulo, tipo,"
      "   imediata, agendamento_data_referencia, agendamento_bloco_referencia, metadados,"
      "   proxima_tentativa_em)"
      " values ($1, $2, $3, $4, 'Mensagem', 'ENVIO-MENSAGEM', $7 = '', coalesce(nullif($5, ''),"
      "         to_char(now() at time zone 'America/Sao_Paulo', 'YYYY-MM-DD')),"
      "         $6::crm.interactions_cron_time_blocks,"
      "         '{\"compraValor\": 1234.50, \"compraVendedorNome\": \"Ana\"}',"
      "         case when $7 = '' then clock_timestamp() end)",
      id, options->organization != NULL ? options->organization : "O1",
      options->client != NULL ? options->client : "K1",
      options->campaign != NULL ? options->campaign : "C1",
      options->day != NULL ? options->day : "", options->block != NULL ? options->block : "00:00",
      options->unplanned ? "unplanned" : "");
}

void
second_connection_put(void)
{
  phone_put("F2", "O1");
  campaign_put("C2", "O1", "NOVA-COMPRA", .phone = "F2", .template = "T1");
}

const char *
message_column(const char *id, const char *column)
{
  g_autofree char *query =
      g_strdup_printf("select (%s)::text from crm.interactions where id = $1", column);
  return crm_keep(sql_text(query, id));
}

void
assert_processed_at(gint64 sent, gint64 failed, gint64 left, const char *file, int line)
{
  g_autoptr(Answer) answer = call("GET", PROCESS, .token = harness_env("CRON_SECRET"));
  assert_status_at(answer, 200, file, line);
  if (answer_int(answer, "mensagensEnviadas") != sent ||
      answer_int(answer, "mensagensComFalha") != failed ||
      answer_int(answer, "restantes") != left) {
    print_error("%s\n", answer->body);
    _fail(file, line);
  }
}

void
waits_over(void)
{
  sql("update crm.interactions set proxima_tentativa_em = now()"
      " where proxima_tentativa_em is not null");
  sql("update crm.whatsapp_connections set envio_suspenso_ate = null");
}

void
message_lease_over(const char *id)
{
  sql("update crm.interactions set lease_ate = now() where id = $1 and lease_token is not null",
      id);
}

const char *
numbers_called(void)
{
  return crm_keep(sql_text("select string_agg(request ->> 'to', ',' order by id)"
                           "  from sandbox.call where service in ('whatsapp', 'gateway')"));
}

gint64
shortest_pause_ms(void)
{
  gint64 count = sales_calls(WHATSAPP), shortest = G_MAXINT64;
  for (guint nth = 2; nth <= count; nth++)
    shortest =
        MIN(shortest, sales_call_start_us(WHATSAPP, nth) - sales_call_start_us(WHATSAPP, nth - 1));
  return shortest / 1000;
}
