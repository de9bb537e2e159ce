#include "harness_rfm.h"

Answer *
rfm_analyse(void)
{
  return call("POST", RFM_ANALYSIS, .token = harness_env("CRON_SECRET"));
}

void
rfm_shop_put(const char *id)
{
  sql("insert into crm.organizations (id, nome, cnpj) values ($1, 'Loja', '')", id);
}

void
rfm_client_put(const char *id, const char *shop)
{
  sql("insert into crm.clients (id, organizacao_id, nome, analise_rfm_titulo)"
      " values ($1::text, $2, $1, 'CLIENTES RECENTES')",
      id, shop);
}

void
rfm_sale_put(const char *id, const char *client, const char *nature, const char *value,
             const char *days_ago)
{
  sql("insert into crm.sales (id, organizacao_id, id_externo, cliente_id, valor_total, custo_total,"
      "   vendedor_nome, parceiro, chave, documento, modelo, movimento, natureza, serie, situacao,"
      "   tipo, data_venda)"
      " select $1::text, organizacao_id, $1, id, $4::numeric, 0, '', '', '', '', '', '', $3, '',"
      "        '', '',"
      "        ((now() at time zone 'America/Sao_Paulo')::date - $5::int + time '12:00')"
      "        at time zone 'America/Sao_Paulo'"
      "   from crm.clients where id = $2",
      id, client, nature, value, days_ago);
}

void
rfm_purchases_put(const char *client, int count, const char *days_ago)
{
  for (int i = 0; i < count; i++) {
    g_autofree char *id = g_strdup_printf("%s-%d", client, i);
    rfm_sale_put(id, client, "SN01", "10.00", days_ago);
  }
}

void
rfm_item_put(const char *sale, const char *product, const char *quantity)
{
  sql("insert into crm.sale_items (organizacao_id, venda_id, produto_id, ordem, quantidade,"
      "   valor_venda_unitario, valor_custo_unitario, valor_venda_total_bruto,"
      "   valor_total_desconto, valor_venda_total_liquido, valor_custo_total)"
      " select organizacao_id, id, $2,"
      "        (select count(*) from crm.sale_items where venda_id = $1), $3::numeric,"
      "        1, 0, 1, 0, 1, 0 from crm.sales where id = $1",
      sale, product, quantity);
}

void
rfm_product_put(const char *id, const char *group)
{
  sql("insert into crm.products (id, organizacao_id, codigo, descricao, unidade, grupo, ncm, tipo)"
      " values ($1::text, 'O', $1, '', '', $2, '', '')",
      id, group);
}

void
rfm_configure(const char *shop, const char *ranges)
{
  sql("insert into crm.utils (organizacao_id, identificador, valor, data_ultima_atualizacao)"
      " values ($1, 'CONFIG_RFM', $2::jsonb, now())",
      shop, ranges);
}
