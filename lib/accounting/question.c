#include "accounting/question.h"

#include <string.h>

#include "accounting/accept.h"
#include "accounting/question_values.h"
#include "base/error.h"
#include "base/text.h"

#define MAX_DAYS  1826 /* five years */
#define MAX_SHOWN 64   /* characters of an unknown name that are told back */

const char *
question_erp_code(const char *code)
{
  return g_str_has_prefix(code, UNMAPPED) ? code + strlen(UNMAPPED) : code;
}

/* NULL for broken escapes, %00 and what is no UTF-8. */
static char *
decode(const char *text)
{
  g_autofree char *spaced = g_strdelimit(g_strdup(text), "+", ' ');
  g_autofree char *plain = g_uri_unescape_string(spaced, NULL);
  return plain != NULL && g_utf8_validate(plain, -1, NULL) ? g_steal_pointer(&plain) : NULL;
}

/* Takes one "name=value" into `values`. */
static gboolean
take_pair(Question *question, const char *pair, GHashTable *values, const char **field,
          GError **error)
{
  g_auto(GStrv) sides = g_strsplit(pair, "=", 2);
  g_autofree char *name = decode(sides[0]), *value = decode(sides[1] != NULL ? sides[1] : "");
  const Parameter *parameter = name != NULL ? question_parameter(question->kind, name) : NULL;
  *field = parameter != NULL ? parameter->name : NULL;
  if (name == NULL || (parameter != NULL && value == NULL)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER,
                        "Parâmetros inválidos na URL.");
    return FALSE;
  }
  if (parameter == NULL) {
    g_autofree char *line = text_one_line(name);
    g_free(question->complaint);
    *field = question->complaint = text_cut(line, MAX_SHOWN);
    g_set_error(error, PONTE_ERROR, ERROR_UNKNOWN_PARAMETER, "Parâmetro desconhecido: %s.", *field);
    return FALSE;
  }
  g_strstrip(value);
  if (g_hash_table_insert(values, (char *)parameter->name, g_steal_pointer(&value)))
    return TRUE;
  g_set_error(error, PONTE_ERROR, ERROR_REPEATED_PARAMETER, "Parâmetro repetido: %s.", *field);
  return FALSE;
}

static GHashTable *
read_pairs(Question *question, const char *query, const char **field, GError **error)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  g_auto(GStrv) pairs = g_strsplit(query != NULL ? query : "", "&", -1);
  for (char **pair = pairs; *pair != NULL; pair++)
    if (**pair != '\0' && !take_pair(question, *pair, values, field, error))
      return NULL;
  return g_steal_pointer(&values);
}

/* All of an ERP's companies into `companies`, by code; only those with credentials when asked. */
static void
add_companies(GPtrArray *companies, ErpType type, gboolean configured_only)
{
  for (guint i = 0; i < n_erp_companies; i++)
    if (erp_companies[i].erp == type && (!configured_only || erp_is_configured(&erp_companies[i])))
      g_ptr_array_add(companies, (gpointer)&erp_companies[i]);
}

/* An ERP's name stands for its one company that can be asked (9). */
static gboolean
choose_by_type(Question *question, ErpType type, const char **field, GError **error)
{
  add_companies(question->companies, type, TRUE);
  if (question->companies->len == 1)
    return TRUE;
  if (question->companies->len == 0)
    add_companies(question->companies, type, FALSE);
  GString *codes = g_string_new(NULL);
  for (guint i = 0; i < question->companies->len; i++) {
    const ErpCompany *company = g_ptr_array_index(question->companies, i);
    g_string_append_printf(codes, "%s%s", i > 0 ? "," : "", company->code);
  }
  g_free(question->complaint);
  *field = question->complaint = g_string_free(codes, FALSE);
  g_set_error(error, PONTE_ERROR, ERROR_AMBIGUOUS_COMPANY,
              "company=%s não diz qual empresa. Informe uma destas: %s.", erp_type_name(type),
              question->complaint);
  return FALSE;
}

static gboolean
choose_company(Question *question, const char *name, const char **field, GError **error)
{
  const ErpCompany *company = name != NULL ? erp_company(name) : NULL;
  g_autofree char *lower = name != NULL ? g_ascii_strdown(name, -1) : NULL;
  ErpType type;
  *field = "company";
  if (name == NULL) { /* health of all of them */
    for (guint i = 0; i < n_erp_companies; i++)
      g_ptr_array_add(question->companies, (gpointer)&erp_companies[i]);
    question->is_list = TRUE;
    return TRUE;
  }
  if (company != NULL) {
    g_ptr_array_add(question->companies, (gpointer)company);
    return TRUE;
  }
  if (!erp_type_of(lower, &type)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_COMPANY_UNKNOWN, "Empresa desconhecida.");
    return FALSE;
  }
  if (question->kind != QUESTION_HEALTH)
    return choose_by_type(question, type, field, error);
  add_companies(question->companies, type, FALSE);
  question->is_list = TRUE;
  return TRUE;
}

/* A value that was given; one that is empty was not. */
static const char *
given(GHashTable *values, const char *name)
{
  const char *text = g_hash_table_lookup(values, name);
  return text != NULL && *text != '\0' ? text : NULL;
}

static gboolean
read_values(Question *question, GHashTable *values, const char **field, GError **error)
{
  for (guint i = 0; i < n_question_parameters; i++) {
    const Parameter *parameter = &question_parameters[i];
    const char *text = given(values, parameter->name);
    gboolean is_required = (parameter->required & (1u << question->kind)) != 0;
    *field = parameter->name;
    if (text == NULL && is_required) {
      g_set_error(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, "Falta o parâmetro %s.", *field);
      return FALSE;
    }
    if (parameter->read == NULL && !choose_company(question, text, field, error))
      return FALSE;
    const char *problem =
        parameter->read != NULL && text != NULL ? parameter->read(parameter, question, text) : NULL;
    if (problem != NULL) {
      g_set_error(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, "O parâmetro %s %s.", *field,
                  problem);
      return FALSE;
    }
  }
  return TRUE;
}

/* What two parameters say together. */
static gboolean
check_pairs(const Question *question, const char **field, GError **error)
{
  const ErpPeriod *period = &question->period;
  if (question->kind == QUESTION_HEALTH)
    return TRUE;
  *field = "from";
  if (g_date_compare(&period->first, &period->last) > 0) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PERIOD,
                        "O período começa depois do seu fim.");
    return FALSE;
  }
  if (g_date_days_between(&period->first, &period->last) >= MAX_DAYS) {
    g_set_error(error, PONTE_ERROR, ERROR_INVALID_PERIOD, "O período tem mais de %d dias.",
                MAX_DAYS);
    return FALSE;
  }
  *field = "account_from";
  if (question->range_from != NULL && question->range_to != NULL &&
      account_code_compare(question->range_from, question->range_to) > 0) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER,
                        "account_from vem depois de account_to.");
    return FALSE;
  }
  return TRUE;
}

gboolean
question_read(QuestionKind kind, const char *query, const char *accept, Question *question,
              const char **field, GError **error)
{
  *field = NULL;
  question->kind = kind;
  question->companies = g_ptr_array_new();
  question->account_types = g_array_new(FALSE, FALSE, sizeof(AccountType));
  question->document_types = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) values = read_pairs(question, query, field, error);
  if (values == NULL || !read_values(question, values, field, error) ||
      !check_pairs(question, field, error))
    return FALSE;
  *field = NULL;
  if (kind == QUESTION_HEALTH || given(values, "format") != NULL ||
      accept_format(accept, &question->format))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_ACCEPTABLE,
                      "Só há application/json e text/csv.");
  return FALSE;
}

void
question_clear(Question *question)
{
  g_clear_pointer(&question->companies, g_ptr_array_unref);
  g_clear_pointer(&question->account_types, g_array_unref);
  g_clear_pointer(&question->document_types, g_ptr_array_unref);
  g_clear_pointer(&question->company_id, g_free);
  g_clear_pointer(&question->account, g_free);
  g_clear_pointer(&question->range_from, g_free);
  g_clear_pointer(&question->range_to, g_free);
  g_clear_pointer(&question->cost_center, g_free);
  g_clear_pointer(&question->complaint, g_free);
}
