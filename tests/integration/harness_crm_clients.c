/* The CRM's harness: clients that are there already, what was said to them, what they redeem. */
#include "harness_crm.h"

#include "harness_crm_texts.h"

/* Comparable form, for the phones that tests give: eleven digits lose the third, a nine. */
static char *
phone_base(const char *phone)
{
  return sql_text("select case when length(d) = 11 then left(d, 2) || right(d, 8) else d end"
                  "  from regexp_replace($1, '\\D', '', 'g') d",
                  phone);
}

void
client_put_with(const char *id, const char *organization, const char *name,
                const ClientOptions *options)
{
  const char *phone = crm_or(options->phone, "");
  g_autofree char *base = phone_base(phone);
  sql("insert into crm.clients (id, organizacao_id, nome, telefone, telefone_base,"
      "   analise_rfm_titulo, metadata_total_compras, metadata_valor_total_compras,"
      "   primeira_compra_data, ultima_compra_data, cpf_cnpj, id_externo, email, origem_integracao)"
      " select $1, $2::text, $3, $4, $5, nullif($6, ''), $7::int, $8::numeric,"
      "        nullif($9, '')::timestamptz, nullif($10, '')::timestamptz, nullif($11, ''),"
      "        nullif($12, ''), nullif($13, ''), integracao_tipo"
      "   from crm.organizations where id = $2::text",
      id, organization, name, phone, base, crm_or(options->title, "CLIENTES RECENTES"),
      crm_or(options->purchases, "0"), crm_or(options->purchased, "0"), crm_or(options->first, ""),
      crm_or(options->last, ""), crm_or(options->document, ""), crm_or(options->external_id, ""),
      crm_or(options->email, ""));
  if (options->available != NULL)
    sql("insert into crm.cashback_program_balances (organizacao_id, cliente_id, programa_id,"
        "   saldo_valor_disponivel, saldo_valor_acumulado_total)"
        " select $1::text, $2, id, $3::numeric, $3::numeric from crm.cashback_programs"
        "  where organizacao_id = $1::text and ativo",
        organization, id, options->available);
}

void
interaction_put(const char *id, const char *organization, const char *client, const char *campaign,
                const char *inserted, const char *executed)
{
  sql("insert into crm.interactions (id, organizacao_id, cliente_id, campanha_id, titulo, tipo,"
      "   agendamento_data_referencia, agendamento_bloco_referencia, data_insercao, data_execucao,"
      "   data_envio, status_envio)"
      " select $1, $2, $3, $4, 'Mensagem', 'ENVIO-MENSAGEM', to_char(i, 'YYYY-MM-DD'), '09:00', i, "
      "e,"
      "        e, case when e is not null then 'ENVIADO' end"
      "   from (select $5::timestamptz as i, nullif($6, '')::timestamptz as e) t",
      id, organization, client, campaign, inserted, crm_or(executed, ""));
}

void
redeem(const char *organization, const char *client_name, const char *amount)
{
  sql("with balance as ("
      "  update crm.cashback_program_balances b"
      "     set saldo_valor_disponivel = saldo_valor_disponivel - $3::numeric,"
      "         saldo_valor_resgatado_total = saldo_valor_resgatado_total + $3::numeric"
      "    from crm.clients c"
      "   where b.cliente_id = c.id and c.organizacao_id = $1 and c.nome_chave = crm.name_key($2)"
      "  returning b.*), usable as ("
      "  select t.id, t.valor_restante, coalesce(sum(t.valor_restante) over ("
      "           order by t.expiracao_data, t.data_insercao, t.sequencia"
      "           rows between unbounded preceding and 1 preceding), 0) as earlier"
      "    from crm.cashback_program_transactions t join balance b"
      "      on b.cliente_id = t.cliente_id and b.programa_id = t.programa_id"
      "   where t.tipo = 'ACÚMULO' and t.status = 'ATIVO' and t.valor_restante > 0), used as ("
      "  update crm.cashback_program_transactions t"
      "     set valor_restante = u.valor_restante - least(u.valor_restante, $3::numeric - "
      "u.earlier),"
      "         status = case when u.valor_restante <= $3::numeric - u.earlier"
      "                       then 'CONSUMIDO' else 'ATIVO'"
      "                  end::crm.cashback_program_transaction_status"
      "    from usable u where u.id = t.id and u.earlier < $3::numeric)"
      " insert into crm.cashback_program_transactions (organizacao_id, cliente_id, programa_id, "
      "tipo,"
      "   valor, valor_restante, saldo_valor_anterior, saldo_valor_posterior)"
      " select $1, cliente_id, programa_id, 'RESGATE', -($3::numeric), 0,"
      "        saldo_valor_disponivel + $3::numeric, saldo_valor_disponivel from balance",
      organization, client_name, amount);
}
