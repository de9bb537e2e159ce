#include "accounting/run.h"

#include <time.h>

#include "base/error.h"
#include "base/text.h"

#define MAX_SHOWN 60 /* characters of a row's id in a message */

/* Of digits alone, as Omie has its nCodEmpresa. */
static gboolean
is_number(const char *text)
{
  return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, NULL, NULL);
}

/* The caller is told about a parameter, else a person about a variable. */
static gboolean
complain(Erp *erp, const Question *question, const char *problem, GError **error)
{
  if (question->company_id == NULL)
    return erp_config_fail(erp->config, "COMPANY_ID", problem, error);
  g_autofree char *message = g_strdup_printf("O parâmetro company_id %s.", problem);
  erp_detail(erp, "company_id", "invalid_parameter", message);
  g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, message);
  return FALSE;
}

typedef struct {
  const char *id;
  char *name;
  gboolean found;
} Listed;

static void
look_for_company(const char *id, const char *name, gpointer data)
{
  Listed *listed = data;
  if (listed->found || g_strcmp0(id, listed->id) != 0)
    return;
  listed->found = TRUE;
  listed->name = g_strdup(name);
}

static gboolean
check_listed(Erp *erp, const Question *question, GError **error)
{
  Listed listed = {.id = erp->company_id};
  if (erp->company_id == NULL || !erp_config_flag(erp->config, "CHECK_COMPANY", FALSE))
    return TRUE;
  if (erp->profile->companies == NULL) {
    g_autofree char *name = erp_config_name(erp->config, "CHECK_COMPANY");
    g_set_error(error, PONTE_ERROR, ERROR_ERP_UNSUPPORTED,
                "Este serviço do ERP não lista empresas; desligue %s.", name);
    return FALSE;
  }
  if (!erp->profile->companies(erp, look_for_company, &listed, error))
    return FALSE;
  if (erp->company_name == NULL)
    erp->company_name = listed.name;
  else
    g_free(listed.name);
  return listed.found || complain(erp, question, "não está entre as empresas do ERP", error);
}

gboolean
run_prepare(Erp *erp, const Question *question, GError **error)
{
  ErpType type = erp->company->erp;
  if (question->company_id != NULL) {
    g_free(erp->company_id);
    erp->company_id = g_strdup(question->company_id);
  }
  const char *id = erp->company_id;
  if (id == NULL && (type == ERP_TOTVS || type == ERP_OMIE))
    return complain(erp, question, "precisa dizer o número da empresa no ERP", error);
  if (type == ERP_OMIE && !is_number(id))
    return complain(erp, question, "deve ser um número, só com dígitos", error);
  return check_listed(erp, question, error);
}

/* What the problems of erp/values.h, and our own, mean to people. */
static const struct {
  const char *problem, *meaning;
} problems[] = {
    {"missing_field", "falta"},
    {"invalid_account_code", "código de conta inválido"},
    {"invalid_account_type", "tipo de conta desconhecido"},
    {"amount_required", "falta o valor"},
    {"invalid_amount", "valor inválido"},
    {"ambiguous_amount", "valor ambíguo"},
    {"amount_out_of_range", "valor fora dos limites"},
    {"negative_amount", "valor negativo"},
    {"invalid_date", "data inválida"},
    {"date_required", "falta a data"},
    {"invalid_currency", "moeda inválida"},
    {"zero_entry", "débito e crédito são zero"},
};

static const char *
meaning_of(const char *problem)
{
  for (gsize i = 0; i < G_N_ELEMENTS(problems); i++)
    if (g_str_equal(problems[i].problem, problem))
      return problems[i].meaning;
  return problem;
}

gboolean
run_refuse(Erp *erp, const LedgerFlaw *flaw, GError **error)
{
  g_autofree char *row = flaw->row != NULL ? text_cut(flaw->row, MAX_SHOWN) : NULL;
  g_autofree char *message =
      row != NULL ? g_strdup_printf("%s: %s (%s)", row, meaning_of(flaw->problem), flaw->field)
                  : g_strdup_printf("%s (%s)", meaning_of(flaw->problem), flaw->field);
  erp_detail(erp, flaw->field, flaw->problem, message);
  g_set_error(error, PONTE_ERROR, ERROR_ERP_DATA, "O ERP enviou um dado que não se lê: %s.",
              message);
  return FALSE;
}

TimeText
run_time_text(gint64 seconds)
{
  TimeText text;
  time_t when = (time_t)seconds;
  struct tm utc;
  gmtime_r(&when, &utc);
  strftime(text.text, sizeof text.text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}
