/* Nothing that an ERP's credential is made of gets into a log, an error or a health page, whatever
 * goes wrong (erp-connectors.md 3.5, 8). */
#include <string.h>

#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define CASH    "account=1.01.001&" JANUARY
#define SPICE   "+/=&ç" /* what URLs and base64 write otherwise */

#define TELLING 12 /* so many first bytes of a secret are as good as all of it */

/* ---- secrets and where they are looked for ------------------------------------------------------
 */

typedef struct {
  Book *book;
  GPtrArray *secrets; /* as they are */
  gboolean speaks_xml, has_tokens, in_url;
} Login;

static void
add_forms(GPtrArray *forms, const char *secret)
{
  g_ptr_array_add(forms, g_strdup(secret));
  g_ptr_array_add(forms, g_uri_escape_string(secret, NULL, FALSE));
  g_ptr_array_add(forms, g_base64_encode((const guchar *)secret, strlen(secret)));
}

static void
assert_tells_none(const char *where, const char *text, const GPtrArray *secrets)
{
  g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < secrets->len; i++)
    add_forms(forms, secrets->pdata[i]);
  for (guint i = 0; i < forms->len; i++) {
    g_autofree char *telling = g_strndup(forms->pdata[i], TELLING);
    const char *found = strstr(text, telling);
    if (found != NULL)
      fail_msg("%s shows %s: …%.300s", where, telling, MAX(text, found - 200));
  }
}

/* All the ERPs gave and all we stored. */
static GPtrArray *
secrets_of_all(const GPtrArray *logins)
{
  GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
  g_auto(GStrv) settings = harness_settings();
  for (guint i = 0; i < logins->len; i++) {
    const Login *login = logins->pdata[i];
    for (guint j = 0; j < login->secrets->len; j++)
      g_ptr_array_add(all, g_strdup(login->secrets->pdata[j]));
  }
  g_autofree char *rows =
      sql_text("select string_agg(secret, ' ') from (select token from sandbox.ledger_token"
               " union all select access_token_sealed from erp.oauth_state"
               " union all select refresh_token_sealed from erp.oauth_state) s (secret)");
  g_auto(GStrv) list = g_strsplit(rows, " ", -1);
  for (char **secret = list; *secret != NULL; secret++)
    g_ptr_array_add(all, g_strdup(*secret));
  g_ptr_array_add(all, g_strdup(g_environ_getenv(settings, "ERP_TOKEN_KEY")));
  g_ptr_array_add(all, g_strdup(strrchr(book_bearer(), '.') + 1)); /* its signature */
  return all;
}

static void
collect(const Answer *answer, GString *text)
{
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init(&iter, answer->headers);
  while (g_hash_table_iter_next(&iter, &name, &value))
    g_string_append_printf(text, "%s: %s\n", (char *)name, (char *)value);
  g_string_append_printf(text, "%s\n", answer->body);
}

/* ---- logins of every kind -----------------------------------------------------------------------
 */

static void
login_free(gpointer data)
{
  Login *login = data;
  book_free(login->book);
  g_ptr_array_unref(login->secrets);
  g_free(login);
}

static Login *
login_new(GPtrArray *logins, const char *company, const char *profile)
{
  static const char *const settings[][2] = {
      {"LOG_LEVEL", "debug"},           {"ERP_RETRY_ATTEMPTS", "2"},     {"ERP_RETRY_BASE_MS", "1"},
      {"ERP_BREAKER_FAILURES", "1000"}, {"ERP_RUNS_PER_COMPANY", "100"}, {"ERP_RUNS", "100"},
      {"ERP_TOKEN_POLL_MS", "20"},      {"ERP_TOKEN_PER_MINUTE", "1000"}};
  Login *login = g_new0(Login, 1);
  login->book = book_new(company, profile);
  login->secrets = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    book_setting(login->book, settings[i][0], settings[i][1]);
  book_seed(login->book, "2026-01-01", 11, 5, 1);
  g_ptr_array_add(logins, login);
  return login;
}

/* A credential with marks that URLs write otherwise, for the sandbox and for us. */
static void
spice(Login *login, const char *key, const char *column)
{
  g_autofree char *value = g_strconcat(book_login(login->book, column), SPICE, NULL),
                  *query = g_strdup_printf(
                      "update sandbox.ledger_company set %s = $2 where who = $1", column);
  sql(query, book_who(login->book), value);
  book_set(login->book, key, value);
  g_ptr_array_add(login->secrets, g_steal_pointer(&value));
}

static void
know(Login *login, const char *column)
{
  g_ptr_array_add(login->secrets, g_strdup(book_login(login->book, column)));
}

static void
know_pair(Login *login, guint first, guint second)
{
  const GPtrArray *secrets = login->secrets;
  g_ptr_array_add(login->secrets, g_strdup_printf("%s:%s", (char *)secrets->pdata[first],
                                                  (char *)secrets->pdata[second]));
}

static void
add_totvs(GPtrArray *logins)
{
  Login *form = login_new(logins, "EFFECTI", NULL);
  spice(form, "CLIENT_SECRET", "client_secret");
  know(form, "client_id");

  Login *header = login_new(logins, "ONCLICK", "ctb_v1");
  spice(header, "CLIENT_SECRET", "client_secret");
  know(header, "client_id");
  know_pair(header, 1, 0);
  form->has_tokens = header->has_tokens = TRUE;
  book_set(header->book, "CLIENT_AUTH", "basic");

  Login *native = login_new(logins, "EFFECTI", NULL);
  g_autofree char *url = ledger_url("/totvs/protheus/rest/api/oauth2/v1/token");
  spice(native, "USERNAME", "username");
  spice(native, "PASSWORD", "password");
  native->has_tokens = native->in_url = TRUE;
  book_set(native->book, "GRANT_TYPE", "password");
  book_set(native->book, "TOKEN_PARAMS_IN", "query");
  book_set(native->book, "TOKEN_URL", url);

  Login *basic = login_new(logins, "ONCLICK", NULL);
  spice(basic, "USERNAME", "username");
  spice(basic, "PASSWORD", "password");
  know_pair(basic, 0, 1);
  book_set(basic->book, "AUTH_TYPE", "basic_auth");

  Login *bearer = login_new(logins, "EFFECTI", NULL);
  g_autofree char *token = book_token_make(bearer->book);
  book_set(bearer->book, "AUTH_TYPE", "bearer_token");
  book_set(bearer->book, "TOKEN", token);
  g_ptr_array_add(bearer->secrets, g_steal_pointer(&token));
}

static GPtrArray *
logins_of_every_kind(void)
{
  GPtrArray *logins = g_ptr_array_new_with_free_func(login_free);
  add_totvs(logins);
  static const char *const chains[][2] = {{"MERCOS", "v2"}, {"LEADLOVERS", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(chains); i++) {
    Login *chain = login_new(logins, chains[i][0], chains[i][1]);
    spice(chain, "CLIENT_SECRET", "client_secret");
    know(chain, "client_id");
    know_pair(chain, 1, 0);
    know(chain, "refresh_token");
    chain->has_tokens = TRUE;
  }
  Login *key = login_new(logins, "IPE_DIGITAL", "v2");
  key->speaks_xml = TRUE;
  spice(key, "API_KEY", "api_key");
  Login *omie = login_new(logins, "DATAHUB", NULL);
  know(omie, "api_key");
  know(omie, "client_secret");
  return logins;
}

/* ---- what goes wrong ----------------------------------------------------------------------------
 */

/* What an ERP says that repeats all it was told, one form after the other. */
static char *
echo(const Login *login, const char *format)
{
  g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < login->secrets->len; i++)
    add_forms(forms, login->secrets->pdata[i]);
  g_autofree char *token =
      sql_text("select token from sandbox.ledger_token where who = $1 and kind = 'access'"
               " order by expires_at desc limit 1",
               book_who(login->book));
  if (token != NULL)
    g_ptr_array_insert(forms, 0, g_strdup(token));
  g_ptr_array_add(forms, NULL);
  g_autofree char *words = g_strjoinv(" ", (char **)forms->pdata);
  g_auto(GStrv) parts = g_strsplit(format, "$", -1);
  return g_strjoinv(words, parts);
}

#define JSON_ECHO                                                                                  \
  "{\"message\":\"$\",\"detailedMessage\":\"$\",\"errorMessage\":\"$\",\"faultstring\":\"$\","     \
  "\"faultcode\":\"$\",\"error\":{\"type\":\"$\",\"message\":\"$\",\"description\":\"$\"}}"
#define XML_ECHO                                                                                   \
  "<retorno><erros><erro><cod>$</cod><msg>$</msg></erro></erros></retorno>" /* of Bling's v2 */
#define PAGE_ECHO "<html><body>$</body></html>"
#define SAID      "" /* one of the former two, as the ERP speaks */

static const struct {
  guint status;
  const char *body, *headers, *trick;
} faults[] = {
    {400, SAID, NULL, NULL},
    {401, SAID, "{\"Set-Cookie\":\"$\",\"WWW-Authenticate\":\"Bearer $\"}", NULL},
    {500, PAGE_ECHO, NULL, NULL},
    {200, SAID, NULL, NULL},
    {302, PAGE_ECHO, "{\"Location\":\"https://exemplo.test/?k=$\"}", NULL},
    {0, NULL, NULL, "cut"},
    {429, SAID, "{\"Retry-After\":\"3600\"}", NULL},
};

static void
arrange(const Login *login, gsize n, const char *kind)
{
  const char *said = login->speaks_xml ? XML_ECHO : JSON_ECHO, *format = faults[n].body;
  g_autofree char *body = format == NULL ? NULL : echo(login, *format != '\0' ? format : said),
                  *headers = faults[n].headers != NULL ? echo(login, faults[n].headers) : NULL;
  gboolean fits = headers == NULL || (strlen(headers) < 4000 && g_str_is_ascii(headers));
  book_faults_clear(login->book);
  if (login->in_url && faults[n].trick != NULL)
    return; /* the sandbox's own nginx logs the URL of a call that it could not answer */
  book_fault(login->book, .kind = kind, .status = faults[n].status, .body = body,
             .headers = fits ? headers : NULL, .trick = faults[n].trick, .times = LEDGER_ALWAYS);
}

/* All of them at once, each by a process of its own. */
static guint
ask_all(const GPtrArray *logins, gsize turn, GString *shown)
{
  static const char *const programs[][2] = {
      {TRIAL_BALANCE, JANUARY}, {SUBLEDGER, CASH}, {ERP_HEALTH, ""}};
  const char *const *program = programs[turn % G_N_ELEMENTS(programs)];
  g_autofree BookCall **calls = g_new(BookCall *, logins->len);
  guint served = 0;
  for (guint i = 0; i < logins->len; i++)
    calls[i] = book_start(((Login *)logins->pdata[i])->book, program[0], program[1]);
  for (guint i = 0; i < logins->len; i++) {
    g_autoptr(Answer) answer = book_finish(calls[i]);
    served += answer->status == 200;
    collect(answer, shown);
  }
  return served;
}

static void
assert_nothing_tells(const GPtrArray *logins, const GString *shown, gsize mark)
{
  g_autoptr(GPtrArray) secrets = secrets_of_all(logins);
  g_autofree char *log = book_log_take(), *database = postgres_log_since(mark),
                  *health = sql_text("select string_agg(h::text, ' ') from erp.health h");
  assert_non_null(strstr(log, "\"erp call\"")); /* there is something to look at */
  assert_tells_none("a log", log, secrets);
  assert_tells_none("an answer", shown->str, secrets);
  assert_tells_none("Postgres's log", database, secrets);
  assert_tells_none("a health result", health, secrets);
}

/* F-58 */
static void
test_no_fault_makes_a_secret_visible(G_GNUC_UNUSED void **state)
{
  g_autoptr(GPtrArray) logins = logins_of_every_kind();
  g_autoptr(GString) shown = g_string_new(NULL);
  gsize mark = postgres_log_mark();
  g_free(book_log_take());
  assert_int_equal(ask_all(logins, 2, shown), logins->len); /* every login is a good one */
  for (gsize n = 0; n < G_N_ELEMENTS(faults); n++) {
    for (guint i = 0; i < logins->len; i++)
      arrange(logins->pdata[i], n, NULL);
    ask_all(logins, n, shown);
  }
  assert_nothing_tells(logins, shown, mark);
}

/* F-58 */
static void
test_no_fault_of_a_token_service_makes_a_secret_visible(G_GNUC_UNUSED void **state)
{
  g_autoptr(GPtrArray) logins = logins_of_every_kind();
  g_autoptr(GString) shown = g_string_new(NULL);
  gsize mark = postgres_log_mark();
  for (guint i = logins->len; i-- > 0;)
    if (!((Login *)logins->pdata[i])->has_tokens)
      g_ptr_array_remove_index(logins, i);
  g_free(book_log_take());
  assert_int_equal(ask_all(logins, 2, shown), logins->len);
  for (gsize n = 0; n < G_N_ELEMENTS(faults); n++) {
    sql("update erp.oauth_state set access_expires_at = clock_timestamp(), version = version + 1,"
        " status = 'ok'");
    for (guint i = 0; i < logins->len; i++)
      arrange(logins->pdata[i], n, "token");
    ask_all(logins, n, shown);
  }
  assert_nothing_tells(logins, shown, mark);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_no_fault_makes_a_secret_visible),
      LEDGER_CASE(test_no_fault_of_a_token_service_makes_a_secret_visible),
  };
  return RUN("secrets of the ERPs", tests);
}
