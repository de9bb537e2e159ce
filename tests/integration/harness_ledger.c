/* Companies of tests: their logins and settings.  (Books: harness_ledger_books.c; faults and
 * tokens: harness_ledger_faults.c; asking programs, and what the ERPs saw: harness_ledger_ask.c.)
 */
#include "harness_ledger_book.h"
#include "harness_sales.h"

#include <string.h>

static const struct {
  const char *company, *erp, *prefix;
} portfolio[] = {{"EFFECTI", "totvs", "TOTVS"},        {"ONCLICK", "totvs", "TOTVS"},
                 {"MERCOS", "contaazul", "CONTAAZUL"}, {"MUNDDI", "contaazul", "CONTAAZUL"},
                 {"DATAHUB", "omie", "OMIE"},          {"IPE_DIGITAL", "bling", "BLING"},
                 {"LEADLOVERS", "bling", "BLING"}};

void
ledger_reset(void)
{
  sql("select sandbox.ledger_reset()");
}

int
ledger_before(void **state)
{
  int failed = harness_before(state);
  ledger_reset();
  return failed;
}

int
ledger_after(void **state)
{
  return sales_after(state);
}

char *
ledger_url(const char *path)
{
  return g_strconcat(harness_env("PONTE_SANDBOX_URL"), path, NULL);
}

void
ledger_setting(const char *service, const char *name, const char *value)
{
  sql("select sandbox.sales_set($1, $2, $3)", service, name, value);
}

/* ---- the company ------------------------------------------------------------------------------
 */

static void
set_url(Book *book, const char *key, const char *path)
{
  g_autofree char *url = ledger_url(path);
  book_set(book, key, url);
}

static void
set_login(Book *book, const char *key, const char *column)
{
  book_set(book, key, book_login(book, column));
}

static void
set_oauth_client(Book *book)
{
  set_login(book, "CLIENT_ID", "client_id");
  set_login(book, "CLIENT_SECRET", "client_secret");
}

static void
set_up_totvs(Book *book)
{
  set_url(book, "BASE_URL", "/totvs/protheus");
  set_url(book, "TOKEN_URL", "/totvs/oauth/token");
  set_login(book, "TENANT", "tenant");
  set_oauth_client(book);
}

static void
set_up_contaazul(Book *book)
{
  gboolean is_v2 = g_strcmp0(book->profile, "v2") == 0;
  set_url(book, "BASE_URL", "/contaazul");
  set_url(book, "TOKEN_URL", is_v2 ? "/contaazul/oauth2/token" : "/contaazul/oauth/token");
  set_oauth_client(book);
  if (is_v2)
    set_login(book, "REFRESH_TOKEN", "refresh_token");
}

static void
set_up_bling(Book *book)
{
  if (g_strcmp0(book->profile, "v2") == 0) {
    set_url(book, "BASE_URL", "/bling/Api/v2");
    set_login(book, "API_KEY", "api_key");
    return;
  }
  set_url(book, "BASE_URL", "/bling/Api/v3");
  set_url(book, "TOKEN_URL", "/bling/Api/v3/oauth/token");
  set_oauth_client(book);
  set_login(book, "REFRESH_TOKEN", "refresh_token");
}

static void
set_up_omie(Book *book)
{
  set_url(book, "API_BASE_URL", "/omie/api/v1/");
  set_login(book, "APP_KEY", "api_key");
  set_login(book, "APP_SECRET", "client_secret");
}

/* What the stack has for this company is not to shine through. */
static void
unset_stack_settings(Book *book)
{
  g_autofree char *own = g_strdup_printf("%s_%s_", book->prefix, book->company);
  g_auto(GStrv) lines = harness_settings();
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix(*line, own) && strchr(*line, '=') != NULL) {
      *strchr(*line, '=') = '\0';
      book_setting(book, *line, "");
    }
}

static void
set_up(Book *book)
{
  unset_stack_settings(book);
  if (book->profile != NULL)
    book_set(book, "API_PROFILE", book->profile);
  set_login(book, "COMPANY_ID", "company_id");
  if (strcmp(book->erp, "totvs") == 0)
    set_up_totvs(book);
  else if (strcmp(book->erp, "contaazul") == 0)
    set_up_contaazul(book);
  else if (strcmp(book->erp, "bling") == 0)
    set_up_bling(book);
  else
    set_up_omie(book);
  book_set(book, "PER_MINUTE", "0");
  book_setting(book, "ERP_ALLOW_PRIVATE_HOSTS", "1");
  book_setting(book, "ERP_RETRY_BASE_MS", "20");
  book_setting(book, "ERP_RETRY_JITTER", "0");
  book_setting(book, "ERP_HEALTH_REUSE_MS", "0");
}

Book *
book_new(const char *company, const char *profile)
{
  static guint count;
  Book *book = g_new0(Book, 1);
  for (gsize i = 0; i < G_N_ELEMENTS(portfolio); i++)
    if (strcmp(portfolio[i].company, company) == 0) {
      book->erp = portfolio[i].erp;
      book->prefix = portfolio[i].prefix;
    }
  if (book->erp == NULL)
    fail_msg("%s is no company of the portfolio", company);
  book->company = g_strdup(company);
  book->profile = g_strdup(profile);
  book->who = g_strdup_printf("%s-%u-%08x", company, ++count, g_random_int());
  book->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *login =
      sql_text("select sandbox.ledger_company_put($1, $2, case when $2 = 'omie'"
               "         then '{\"company_id\":\"77\"}' else '{}' end::jsonb)::text",
               book->who, book->erp);
  book->login = json_loads(login, 0, NULL);
  set_up(book);
  return book;
}

static void
copy_setting(gpointer name, gpointer value, gpointer book)
{
  book_setting(book, name, value);
}

Book *
book_copy(const Book *book)
{
  Book *copy = g_new0(Book, 1);
  copy->erp = book->erp;
  copy->prefix = book->prefix;
  copy->company = g_strdup(book->company);
  copy->profile = g_strdup(book->profile);
  copy->who = g_strdup(book->who);
  copy->login = json_deep_copy(book->login);
  copy->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_foreach(book->settings, copy_setting, copy);
  return copy;
}

void
book_free(Book *book)
{
  g_free(book->company);
  g_free(book->profile);
  g_free(book->who);
  json_decref(book->login);
  g_hash_table_unref(book->settings);
  g_free(book);
}

const char *
book_who(const Book *book)
{
  return book->who;
}

const char *
book_login(const Book *book, const char *column)
{
  const char *value = json_string_value(json_object_get(book->login, column));
  if (value == NULL)
    fail_msg("%s has no %s", book->who, column);
  return value;
}

void
book_setting(Book *book, const char *name, const char *value)
{
  g_hash_table_replace(book->settings, g_strdup(name), g_strdup(value));
}

void
book_set(Book *book, const char *key, const char *value)
{
  g_autofree char *name = g_strdup_printf("%s_%s_%s", book->prefix, book->company, key);
  book_setting(book, name, value);
}
