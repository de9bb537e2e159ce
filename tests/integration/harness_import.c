#include "harness.h"

#include "harness_import.h"

#include "harness_crm_texts.h"

#define ZONE "America/Sao_Paulo"

static gboolean
midnight_is_near(void)
{
  return sql_number("select ((now() at time zone '" ZONE "')::time > '23:59:35')::int") == 1;
}

int
import_before(void **state)
{
  int failed = crm_before(state);
  WAIT_FOR(!midnight_is_near());
  return failed;
}

void
record_put(const char *token, const char *day, const char *record)
{
  sql("select sandbox.sale_put($1, $2::date, $3::json)", token, day, record);
}

const char *
window_days(int from, int to)
{
  return crm_keep(g_strdup_printf("?de=%s&ate=%s", day_iso(from), day_iso(to)));
}

void
assert_text_at(const char *actual, const char *expected, const char *what, const char *file,
               int line)
{
  if (g_strcmp0(actual, expected) == 0)
    return;
  print_error("%s is %s, not %s\n", what, actual ? actual : "null", expected ? expected : "null");
  _fail(file, line);
}

void
assert_cells_at(CellReader read, const char *organization, const char *row, const Cell *cells,
                const char *file, int line)
{
  for (; cells->column != NULL; cells++) {
    g_autofree char *what = g_strdup_printf("%s of %s", cells->column, row);
    assert_text_at(read(organization, row, cells->column), cells->expected, what, file, line);
  }
}

void
assert_rejected_at(const char *organization, const char *external_id, const char *expected,
                   const char *file, int line)
{
  g_autofree char *actual = sql_text("select string_agg(concat_ws(' ', dados ->> 'codigo',"
                                     "   dados ->> 'campo'), '; ') from crm.utils"
                                     " where organizacao_id = $1 and tipo like '%-reject'"
                                     "   and dados ->> 'idExterno' = $2",
                                     organization, external_id);
  g_autofree char *what = g_strdup_printf("the rejection of %s", external_id);
  assert_text_at(actual, expected, what, file, line);
}

const char *
product_codes_of(const char *organization, const char *external_id)
{
  return crm_keep(sql_text("select string_agg(p.codigo, ',' order by i.ordem) from crm.sales s"
                           "  join crm.sale_items i on i.venda_id = s.id"
                           "  join crm.products p on p.id = i.produto_id"
                           " where s.organizacao_id = $1 and s.id_externo = $2",
                           organization, external_id));
}

/* A column of the row of a table that has this key. */
static const char *
cell(const char *table, const char *key_column, const char *organization, const char *key,
     const char *column)
{
  g_autofree char *query =
      g_strdup_printf("select (%s)::text from crm.%s where organizacao_id = $1 and %s = $2", column,
                      table, key_column);
  return crm_keep(sql_text(query, organization, key));
}

const char *
product_column(const char *organization, const char *code, const char *column)
{
  return cell("products", "codigo", organization, code, column);
}

const char *
seller_column(const char *organization, const char *name, const char *column)
{
  return cell("sellers", "nome", organization, name, column);
}

const char *
partner_column(const char *organization, const char *identifier, const char *column)
{
  return cell("partners", "identificador", organization, identifier, column);
}

const char *
written_sales(const char *organization)
{
  return crm_keep(sql_text("select string_agg(row, ' ' order by row) from ("
                           "  select format('%s %s %s', id, ctid, xmin) from crm.sales"
                           "   where organizacao_id = $1 union all"
                           "  select format('%s %s %s', id, ctid, xmin) from crm.sale_items"
                           "   where organizacao_id = $1) as written (row)",
                           organization));
}
