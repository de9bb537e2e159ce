/* The CRM's harness: looking at rows. */
#include "harness_crm.h"

#include "harness_crm_texts.h"

#define SAO_PAULO "'America/Sao_Paulo'"

/* A column as tests compare it: an instant as wall time of São Paulo. */
static char *
shown(const char *column)
{
  return g_strdup_printf("case pg_typeof(%s)::text when 'timestamp with time zone'"
                         " then to_char(%s::text::timestamptz at time zone " SAO_PAULO ","
                         "              'YYYY-MM-DD HH24:MI:SS')"
                         " when 'boolean' then left(%s::text, 1) else %s::text end",
                         column, column, column, column);
}

/* The cell of a column in what `rest` selects. */
static const char *
cell(const char *column, const char *rest, const char *first, const char *second)
{
  g_autofree char *expression = shown(column);
  g_autofree char *query = g_strconcat("select ", expression, " ", rest, NULL);
  return crm_keep(sql_text(query, first, second));
}

const char *
client_column(const char *organization, const char *name, const char *column)
{
  return cell(column,
              "from crm.clients where organizacao_id = $1 and nome_chave = crm.name_key($2)"
              " order by data_insercao, id limit 1",
              organization, name);
}

const char *
client_id(const char *organization, const char *name)
{
  return client_column(organization, name, "id");
}

const char *
sale_column(const char *organization, const char *external_id, const char *column)
{
  return cell(column, "from crm.sales where organizacao_id = $1 and id_externo = $2", organization,
              external_id);
}

const char *
sale_id(const char *organization, const char *external_id)
{
  return sale_column(organization, external_id, "id");
}

const char *
item_column(const char *organization, const char *external_id, const char *column)
{
  g_autofree char *query = g_strdup_printf(
      "select string_agg(coalesce(i.%s::text, ''), ',' order by i.ordem) from crm.sale_items i"
      "  join crm.sales s on s.id = i.venda_id"
      " where s.organizacao_id = $1 and s.id_externo = $2",
      column);
  return crm_keep(sql_text(query, organization, external_id));
}

gint64
crm_count(const char *table, const char *organization)
{
  g_autofree char *query =
      g_strdup_printf("select count(*) from crm.%s where organizacao_id = $1", table);
  return sql_number(query, organization);
}

/* ---- cashback -------------------------------------------------------------------------------- */

#define OF_CLIENT                                                                                  \
  " join crm.clients c on c.id = t.cliente_id"                                                     \
  " where c.organizacao_id = $1 and c.nome_chave = crm.name_key($2)"

const char *
balance_of(const char *organization, const char *client)
{
  return crm_keep(
      sql_text("select saldo_valor_disponivel from crm.cashback_program_balances t" OF_CLIENT,
               organization, client));
}

const char *
balances_of(const char *organization, const char *client)
{
  return crm_keep(sql_text("select concat_ws(' ', saldo_valor_disponivel, "
                           "saldo_valor_acumulado_total, saldo_valor_resgatado_total)"
                           "  from crm.cashback_program_balances t" OF_CLIENT,
                           organization, client));
}

const char *
movements_of(const char *organization, const char *client)
{
  return crm_keep(sql_text(
      "select string_agg(t.tipo || ' ' || t.status || ' ' || t.valor || ' (' || t.valor_restante"
      "         || ') ' || t.saldo_valor_anterior || '>' || t.saldo_valor_posterior"
      "         || coalesce(' ' || t.campanha_id, ''), '; ' order by t.sequencia)"
      "  from crm.cashback_program_transactions t" OF_CLIENT,
      organization, client));
}

/* What is wrong with the ledger of an organization's clients, as one text; null when it holds. */
static const char sql_ledger[] =
    "with m as ("
    "  select t.*, lag(saldo_valor_posterior) over w as before, lead(sequencia) over w as next"
    "    from crm.cashback_program_transactions t where organizacao_id = $1"
    "  window w as (partition by cliente_id, programa_id order by sequencia))"
    " select string_agg(format('%s %s of %s: %s>%s after %s', m.sequencia, tipo, m.cliente_id,"
    "          saldo_valor_anterior, saldo_valor_posterior, before), e'\\n' order by m.sequencia)"
    "  from m left join crm.cashback_program_balances b"
    "    on b.cliente_id = m.cliente_id and b.programa_id = m.programa_id"
    " where before <> saldo_valor_anterior or saldo_valor_posterior < 0"
    "    or saldo_valor_posterior - saldo_valor_anterior <>"
    "       case when tipo = 'CANCELAMENTO' then -(metadados ->> 'valorEstornado')::numeric"
    "            else valor end"
    "    or (next is null and b.saldo_valor_disponivel is distinct from saldo_valor_posterior)";

void
assert_ledger_holds_at(const char *organization, const char *file, int line)
{
  g_autofree char *wrong = sql_text(sql_ledger, organization);
  if (wrong == NULL)
    return;
  print_error("the ledger of %s does not hold:\n%s\n", organization, wrong);
  _fail(file, line);
}

/* ---- interactions ---------------------------------------------------------------------------- */

#define INTERACTION_TEXTS                                                                          \
  "select string_agg(concat_ws(' ', t.campanha_id,"                                                \
  "         case when t.imediata then 'imediata' else 'agendada' end,"                             \
  "         t.agendamento_data_referencia, t.agendamento_bloco_referencia,"                        \
  "         coalesce(t.status_envio, '-')), '; '"                                                  \
  "         order by t.data_insercao, t.proxima_tentativa_em, t.campanha_id)"                      \
  "  from crm.interactions t"

const char *
interactions_of_sale(const char *organization, const char *external_id)
{
  return crm_keep(sql_text(INTERACTION_TEXTS " join crm.sales s on s.id = t.venda_id"
                                             " where s.organizacao_id = $1 and s.id_externo = $2",
                           organization, external_id));
}

const char *
interactions_of_client(const char *organization, const char *name)
{
  return crm_keep(sql_text(INTERACTION_TEXTS OF_CLIENT, organization, name));
}

static const char *
interaction_cell(const char *organization, const char *external_id, const char *campaign,
                 const char *expression)
{
  g_autofree char *query =
      g_strdup_printf("select %s from (select i.* from crm.interactions i join crm.sales s"
                      "   on s.id = i.venda_id where s.organizacao_id = $1 and s.id_externo = $2"
                      "   and i.campanha_id = $3) t",
                      expression);
  return crm_keep(sql_text(query, organization, external_id, campaign));
}

const char *
interaction_column(const char *organization, const char *external_id, const char *campaign,
                   const char *column)
{
  g_autofree char *expression = shown(column);
  return interaction_cell(organization, external_id, campaign, expression);
}

const char *
interaction_data(const char *organization, const char *external_id, const char *campaign,
                 const char *member)
{
  g_autofree char *expression = g_strdup_printf("metadados ->> '%s'", member);
  return interaction_cell(organization, external_id, campaign, expression);
}

/* ---- the run's own rows ---------------------------------------------------------------------- */

gint64
import_rows(const char *organization, const char *kind)
{
  return sql_number("select count(*) from crm.utils"
                    " where organizacao_id = $1 and tipo like '%-importation-' || $2",
                    organization, kind);
}

const char *
import_cell(const char *organization, const char *kind, const char *expression)
{
  g_autofree char *query = g_strdup_printf(
      "select %s from crm.utils where organizacao_id = $1 and tipo like '%%-importation-' || $2"
      " order by data_insercao desc, data_ultima_atualizacao desc limit 1",
      expression);
  return crm_keep(sql_text(query, organization, kind));
}

const char *
last_sync_of(const char *organization)
{
  return crm_keep(sql_text("select to_char(integracao_data_ultima_sincronizacao"
                           "               at time zone " SAO_PAULO ", 'YYYY-MM-DD HH24:MI:SS')"
                           "  from crm.organizations where id = $1",
                           organization));
}

static const char *
day_as(int days, const char *form)
{
  g_autofree char *number = g_strdup_printf("%d", days);
  return crm_keep(sql_text("select to_char((now() at time zone " SAO_PAULO ")::date + $1::int, $2)",
                           number, form));
}

const char *
day_iso(int days)
{
  return day_as(days, "YYYY-MM-DD");
}

const char *
day_br(int days)
{
  return day_as(days, "DD/MM/YYYY");
}

const char *
day_compact(int days)
{
  return day_as(days, "DDMMYYYY");
}

/* Rows by their natural keys. */
static const char sql_snapshot[] =
    "with c as (select id, nome_chave || coalesce('#' || id_externo, '') || coalesce('@' || "
    "cpf_cnpj, '')"
    "             as name from crm.clients where organizacao_id = $1),"
    " s as (select id, id_externo as name from crm.sales where organizacao_id = $1), lines as ("
    "  select concat_ws('|', 'client', c.name, x.telefone, x.telefone_base, x.email,"
    "           x.canal_aquisicao, x.analise_rfm_titulo, x.metadata_total_compras,"
    "           x.metadata_valor_total_compras, coalesce(f.name, '-'), coalesce(l.name, '-')) as "
    "line"
    "    from crm.clients x join c on c.id = x.id left join s f on f.id = x.primeira_compra_id"
    "    left join s l on l.id = x.ultima_compra_id"
    "  union all select concat_ws('|', 'product', codigo, descricao, unidade, grupo, tipo)"
    "    from crm.products where organizacao_id = $1"
    "  union all select concat_ws('|', 'seller', nome) from crm.sellers where organizacao_id = $1"
    "  union all select concat_ws('|', 'partner', identificador, nome, p.cpf_cnpj, c.name)"
    "    from crm.partners p left join c on c.id = p.cliente_id where organizacao_id = $1"
    "  union all select concat_ws('|', 'sale', id_externo, c.name, valor_total, custo_total, "
    "natureza,"
    "           vendedor_nome, parceiro, canal, (data_venda at time zone "
    "'America/Sao_Paulo')::date,"
    "           encode(erp_hash, 'hex'), atribuicao_processada, atribuicao_aplicavel)"
    "    from crm.sales x left join c on c.id = x.cliente_id where organizacao_id = $1"
    "  union all select concat_ws('|', 'item', s.name, lpad(i.ordem::text, 4), p.codigo, "
    "i.quantidade,"
    "           i.valor_venda_unitario, i.valor_venda_total_liquido, i.valor_custo_total)"
    "    from crm.sale_items i join s on s.id = i.venda_id join crm.products p on p.id = "
    "i.produto_id"
    "  union all select concat_ws('|', 'balance', c.name, saldo_valor_disponivel,"
    "           saldo_valor_acumulado_total, saldo_valor_resgatado_total)"
    "    from crm.cashback_program_balances b join c on c.id = b.cliente_id"
    "  union all select concat_ws('|', 'movement', c.name, lpad((row_number() over (partition by "
    "c.id"
    "           order by t.sequencia))::text, 6), tipo, t.status, valor, valor_restante,"
    "           saldo_valor_anterior, saldo_valor_posterior, campanha_id, s.name)"
    "    from crm.cashback_program_transactions t join c on c.id = t.cliente_id"
    "    left join s on s.id = t.venda_id"
    "  union all select concat_ws('|', 'interaction', c.name, s.name, campanha_id, imediata,"
    "           agendamento_data_referencia, agendamento_bloco_referencia)"
    "    from crm.interactions i join c on c.id = i.cliente_id left join s on s.id = i.venda_id"
    "  union all select concat_ws('|', 'conversion', c.name, s.name, v.campanha_id,"
    "           tipo_conversao, atribuicao_receita)"
    "    from crm.campaign_conversions v join c on c.id = v.cliente_id join s on s.id = v.venda_id)"
    " select string_agg(line, e'\\n' order by line collate \"C\") from lines";

const char *
crm_snapshot(const char *organization)
{
  return crm_keep(sql_text(sql_snapshot, organization));
}
