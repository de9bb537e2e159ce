#include "net/oauth_code.h"

#include <openssl/rand.h>
#include <string.h>

#include "base/error.h"
#include "net/seal.h"

#define STATE_BYTES    16
#define CODE_MAX_BYTES 4096
#define WORD_MAX_BYTES 64

char *
oauth_state_new(void)
{
  guchar bytes[STATE_BYTES];
  GString *state = g_string_sized_new(2 * STATE_BYTES);
  gboolean random = RAND_bytes(bytes, STATE_BYTES) == 1;
  g_assert(random); /* a state that can be guessed protects nobody */
  for (guint i = 0; i < STATE_BYTES; i++)
    g_string_append_printf(state, "%02x", bytes[i]);
  return g_string_free(state, FALSE);
}

static void
add(GString *url, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_c(url, strchr(url->str, '?') != NULL ? '&' : '?');
  g_string_append(url, name);
  g_string_append_c(url, '=');
  g_string_append_uri_escaped(url, value, NULL, FALSE);
}

char *
oauth_authorize_url(const char *page, const char *client_id, const char *redirect_uri,
                    const char *scope, const char *state)
{
  GString *url = g_string_new(page);
  add(url, "response_type", "code");
  add(url, "client_id", client_id);
  add(url, "redirect_uri", redirect_uri);
  add(url, "scope", scope);
  add(url, "state", state);
  return g_string_free(url, FALSE);
}

static gboolean
refuse(const char *message, GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, message);
  return FALSE;
}

/* The page says so with a word of RFC 6749 ("access_denied"); anything else is not repeated. */
static gboolean
refuse_word(const char *word, GError **error)
{
  gboolean is_word =
      strlen(word) <= WORD_MAX_BYTES && word[strspn(word, "abcdefghijklmnopqrstuvwxyz_")] == '\0';
  g_set_error(error, PONTE_ERROR, ERROR_ERP_AUTHENTICATION, "O ERP não autorizou%s%s.",
              is_word ? ": " : "", is_word ? word : "");
  return FALSE;
}

static gboolean
check_code(const char *code, GError **error)
{
  gsize length = strlen(code);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph(code[i]))
      return refuse("O código tem caracteres que um código não tem.", error);
  if (length > CODE_MAX_BYTES)
    return refuse("O código é longo demais.", error);
  return length > 0 || refuse("Nenhum código foi informado.", error);
}

static gboolean
check_address(GHashTable *members, const char *state, GError **error)
{
  const char *problem = members != NULL ? g_hash_table_lookup(members, "error") : NULL;
  if (members == NULL)
    return refuse("O endereço não pode ser lido.", error);
  if (g_strcmp0(g_hash_table_lookup(members, "state"), state) != 0)
    return refuse("O endereço é de outra autorização (state diferente): comece de novo.", error);
  if (problem != NULL)
    return refuse_word(problem, error);
  return g_hash_table_contains(members, "code") || refuse("O endereço não tem código.", error);
}

/* Of an address: what follows its question mark, without the fragment. */
static char *
read_address(const char *address, const char *state, GError **error)
{
  const char *query = strchr(address, '?');
  gssize length = query != NULL ? (gssize)strcspn(++query, "#") : 0;
  g_autoptr(GHashTable) members =
      query != NULL ? g_uri_parse_params(query, length, "&", G_URI_PARAMS_WWW_FORM, NULL) : NULL;
  if (!check_address(members, state, error))
    return NULL;
  return g_strdup(g_hash_table_lookup(members, "code"));
}

char *
oauth_code_read(const char *text, const char *state, GError **error)
{
  char *trimmed = g_strstrip(g_strdup(text));
  gboolean is_address = strstr(trimmed, "://") != NULL || *trimmed == '?';
  char *code = is_address ? read_address(trimmed, state, error) : g_strdup(trimmed);
  secret_free(trimmed);
  if (code == NULL || check_code(code, error))
    return code;
  secret_free(code);
  return NULL;
}
