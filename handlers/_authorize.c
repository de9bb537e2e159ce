/* Authorizes a company's ERP with a person's help: deploy/erp authorize COMPANY runs it.
 *   _authorize COMPANY
 * Prints the ERP's page, reads from standard input what it gave the person, and stores the tokens
 * that come of it, sealed.  Prints none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "erp/authorize.h"
#include "net/seal.h"

#define EXIT_USAGE       2
#define ANSWER_MAX_BYTES 8192

static const char explanation[] =
    "Log in to %s as %s, and open this page in the same browser:\n\n  %s\n\n"
    "Agree there.  The address you are led to has ...?code=...&state=...; that the page itself\n"
    "may not load does not matter.  The code is good once, and for a minute or three.\n"
    "Paste the whole address (or the code alone), and press Enter: ";

/* One line of standard input; NULL when it has none, or a longer one. */
static char *
read_answer(void)
{
  char line[ANSWER_MAX_BYTES + 2];
  char *answer = NULL;
  setvbuf(stdin, NULL, _IONBF, 0); /* no copy of it stays in a buffer */
  if (fgets(line, sizeof line, stdin) != NULL && strlen(line) <= ANSWER_MAX_BYTES)
    answer = g_strdup(line);
  explicit_bzero(line, sizeof line);
  return answer;
}

static gboolean
authorize(const ErpCompany *company, GError **error)
{
  gint64 lives_s;
  g_autoptr(ErpAuthorization) authorization = erp_authorization_new(company, db_shared(), error);
  if (authorization == NULL)
    return FALSE;
  printf(explanation, erp_type_title(company->erp), company->name,
         erp_authorization_url(authorization));
  fflush(stdout);
  char *answer = read_answer();
  putchar('\n');
  stop_block_signals(); /* from here on an end half-way would lose the chain */
  gboolean done =
      erp_authorization_finish(authorization, answer != NULL ? answer : "", &lives_s, error);
  secret_free(answer);
  if (!done)
    return FALSE;
  Instant until = g_get_real_time() + lives_s * G_USEC_PER_SEC;
  printf("%s is authorized.  The token lives until %s and is renewed from then on.\n",
         company->name, instant_local_text(until, business_zone()).text);
  return TRUE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  const ErpCompany *company = argc == 2 ? erp_company(argv[1]) : NULL;
  if (company == NULL) {
    fprintf(stderr, argc == 2 ? "no such company\n" : "usage: _authorize COMPANY\n");
    return EXIT_USAGE;
  }
  if (!settings_load(&error)) {
    fprintf(stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  log_init("authorize");
  gboolean done = authorize(company, &error);
  if (!done)
    fprintf(stderr, "authorize: %s\n", error->message);
  db_disconnect(db_shared());
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
