/* The parameters of the questions, and how each value is read. */
#include "accounting/question_values.h"

#include <string.h>

#include "base/text.h"

#define FIRST_YEAR     1900
#define LAST_YEAR      2100
#define MAX_LEVEL      15
#define MAX_ID_BYTES   64
#define MAX_TEXT_BYTES 100

#define HEALTH  (1u << QUESTION_HEALTH)
#define BALANCE (1u << QUESTION_TRIAL_BALANCE)
#define ENTRIES (1u << QUESTION_SUBLEDGER)
#define DATA    (BALANCE | ENTRIES)

static gboolean
has_control(const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl(*text))
      return TRUE;
  return FALSE;
}

static const char *
read_short(const Parameter *parameter, Question *question, const char *text, gsize max)
{
  if (strlen(text) > max || has_control(text))
    return max == MAX_ID_BYTES ? "deve ter de 1 a 64 bytes, sem caracteres de controle"
                               : "deve ter de 1 a 100 bytes, sem caracteres de controle";
  G_STRUCT_MEMBER(char *, question, parameter->offset) = g_strdup(text);
  return NULL;
}

static const char *
read_id(const Parameter *parameter, Question *question, const char *text)
{
  return read_short(parameter, question, text, MAX_ID_BYTES);
}

static const char *
read_text(const Parameter *parameter, Question *question, const char *text)
{
  return read_short(parameter, question, text, MAX_TEXT_BYTES);
}

static const char *
read_code(const Parameter *parameter, Question *question, const char *text)
{
  gboolean usual;
  if (has_control(text) || !account_code_check(question_erp_code(text), &usual))
    return "deve ser um código de conta de 1 a 50 bytes";
  G_STRUCT_MEMBER(char *, question, parameter->offset) = g_strdup(text);
  return NULL;
}

static const char *
read_day(const Parameter *parameter, Question *question, const char *text)
{
  GDate day;
  if (!date_parse_iso(text, &day) || g_date_get_year(&day) < FIRST_YEAR ||
      g_date_get_year(&day) > LAST_YEAR)
    return "deve ser uma data AAAA-MM-DD entre 1900 e 2100";
  G_STRUCT_MEMBER(GDate, question, parameter->offset) = day;
  return NULL;
}

static const char *
read_flag(const Parameter *parameter, Question *question, const char *text)
{
  gboolean is_true = g_str_equal(text, "true") || g_str_equal(text, "1");
  if (!is_true && !g_str_equal(text, "false") && !g_str_equal(text, "0"))
    return "deve ser true, false, 1 ou 0";
  G_STRUCT_MEMBER(gboolean, question, parameter->offset) = is_true;
  return NULL;
}

/* The parameter says what is kept, the member what is left out. */
static const char *
read_zero(const Parameter *parameter, Question *question, const char *text)
{
  const char *problem = read_flag(parameter, question, text);
  if (problem == NULL)
    question->leave_out_zero = !question->leave_out_zero;
  return problem;
}

static const char *
read_level(const Parameter *parameter, Question *question, const char *text)
{
  gint64 *level = &G_STRUCT_MEMBER(gint64, question, parameter->offset);
  return g_ascii_string_to_signed(text, 10, 1, MAX_LEVEL, level, NULL)
             ? NULL
             : "deve ser um número de 1 a 15";
}

static const char *
read_account_types(G_GNUC_UNUSED const Parameter *parameter, Question *question, const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, ",", -1);
  for (char **word = words; *word != NULL; word++) {
    AccountType type;
    if (!account_type_parse(g_strstrip(*word), &type))
      return "deve listar tipos de conta: ASSET, LIABILITY, EQUITY, REVENUE, EXPENSE";
    g_array_append_val(question->account_types, type);
  }
  return NULL;
}

static const char *
read_document_types(G_GNUC_UNUSED const Parameter *parameter, Question *question, const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, ",", -1);
  for (char **word = words; *word != NULL; word++) {
    g_autofree char *clean = text_one_line(*word);
    if (*clean == '\0')
      return "não pode ter um tipo vazio";
    g_ptr_array_add(question->document_types, text_fold(clean));
  }
  return NULL;
}

static const char *
read_document_type(const Parameter *parameter, Question *question, const char *text)
{
  return strchr(text, ',') != NULL ? "deve ser um só tipo; use document_types"
                                   : read_document_types(parameter, question, text);
}

static const char *
read_format(G_GNUC_UNUSED const Parameter *parameter, Question *question, const char *text)
{
  question->format = g_str_equal(text, "csv") ? FORMAT_CSV : FORMAT_JSON;
  return g_str_equal(text, "csv") || g_str_equal(text, "json") ? NULL : "deve ser json ou csv";
}

#define TO(member) G_STRUCT_OFFSET(Question, member)

/* In the order in which they are judged. */
const Parameter question_parameters[] = {
    {"company", HEALTH | DATA, DATA, NULL, 0},
    {"account", ENTRIES, ENTRIES, read_code, TO(account)},
    {"from", DATA, DATA, read_day, TO(period.first)},
    {"to", DATA, DATA, read_day, TO(period.last)},
    {"company_id", DATA, 0, read_id, TO(company_id)},
    {"account_types", BALANCE, 0, read_account_types, 0},
    {"include_zero_balances", BALANCE, 0, read_zero, TO(leave_out_zero)},
    {"level", BALANCE, 0, read_level, TO(level)},
    {"account_from", BALANCE, 0, read_code, TO(range_from)},
    {"account_to", BALANCE, 0, read_code, TO(range_to)},
    {"document_types", ENTRIES, 0, read_document_types, 0},
    {"document_type", ENTRIES, 0, read_document_type, 0},
    {"cost_center", DATA, 0, read_text, TO(cost_center)},
    {"strict", DATA, 0, read_flag, TO(strict)},
    {"format", DATA, 0, read_format, 0},
    {"bom", DATA, 0, read_flag, TO(bom)},
};

const guint n_question_parameters = G_N_ELEMENTS(question_parameters);

const Parameter *
question_parameter(QuestionKind kind, const char *name)
{
  for (guint i = 0; i < n_question_parameters; i++)
    if ((question_parameters[i].kinds & (1u << kind)) != 0 &&
        g_str_equal(question_parameters[i].name, name))
      return &question_parameters[i];
  return NULL;
}
