/* Kept for the life of the process; only what changed is parsed again. */
#include "auth/keys.h"

#include <string.h>
#include <sys/stat.h>

#include "auth/key_table.h"
#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"

#define SECRET_MIN_BYTES   32 /* RFC 7518, 3.2 */
#define KEY_FILE_MAX_BYTES 262144
#define FETCH_POLL_US      50000
#define TABLE_RETRY_US     G_GINT64_CONSTANT(5000000)

static Jwk *public_key;
static GPtrArray *file_set;

static gboolean
take_pem(const char *text, gsize length)
{
  Jwk *fresh = jwk_from_pem(text, length);
  if (fresh == NULL)
    return FALSE;
  if (public_key != NULL)
    jwk_free(public_key);
  public_key = fresh;
  return TRUE;
}

static gboolean
take_set(const char *text, gsize length)
{
  GPtrArray *fresh = jwk_set_parse(text, length);
  if (fresh == NULL)
    return FALSE;
  if (file_set != NULL)
    g_ptr_array_unref(file_set);
  file_set = fresh;
  return TRUE;
}

typedef struct {
  Setting path;
  gboolean (*take)(const char *text, gsize length);
  const char *refusal; /* what is wrong when the text is not taken */
  gint64 next_look_us;
  struct stat seen; /* of the version that was taken */
} KeyFile;

static KeyFile files[] = {
    {.path = JWT_PUBLIC_KEY_FILE,
     .take = take_pem,
     .refusal = "JWT_PUBLIC_KEY_FILE deve ser uma chave pública PEM, RSA de 2048 bits ou mais ou "
                "EC P-256."},
    {.path = JWT_JWKS_FILE,
     .take = take_set,
     .refusal = "JWT_JWKS_FILE deve ser um JSON Web Key Set."},
};

static gboolean
is_same_version(const struct stat *a, const struct stat *b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static gboolean
look_at(KeyFile *file, GError **error)
{
  struct stat found;
  g_autofree char *text = NULL;
  gsize length;
  file->next_look_us = g_get_monotonic_time() + setting_int(JWT_JWKS_REFRESH_S) * G_USEC_PER_SEC;
  if (stat(setting(file->path), &found) == 0 && is_same_version(&found, &file->seen))
    return TRUE;
  if (stat(setting(file->path), &found) != 0 || !S_ISREG(found.st_mode) ||
      found.st_size > KEY_FILE_MAX_BYTES ||
      !g_file_get_contents(setting(file->path), &text, &length, NULL)) {
    g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, "%s não pode ser lido.",
                file->path == JWT_JWKS_FILE ? "JWT_JWKS_FILE" : "JWT_PUBLIC_KEY_FILE");
    return FALSE;
  }
  if (!file->take(text, length)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, file->refusal);
    return FALSE;
  }
  file->seen = found;
  return TRUE;
}

static gboolean
refuse(GError **error, const char *message)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, message);
  return FALSE;
}

gboolean
keys_check(GError **error)
{
  if (!setting_is_set(JWT_SECRET) && !setting_is_set(JWT_PUBLIC_KEY_FILE) &&
      !setting_is_set(JWT_JWKS_FILE) && !setting_is_set(JWT_JWKS_URL))
    return refuse(error, "Defina JWT_SECRET, JWT_PUBLIC_KEY_FILE, JWT_JWKS_FILE ou JWT_JWKS_URL.");
  if (setting_is_set(JWT_JWKS_URL) && !g_str_has_prefix(setting(JWT_JWKS_URL), "https://"))
    return refuse(error, "JWT_JWKS_URL deve começar com https://.");
  if (setting_is_set(JWT_SECRET) && strlen(setting(JWT_SECRET)) < SECRET_MIN_BYTES)
    log_warning("JWT_SECRET is shorter than 32 bytes and can be guessed from any token", NULL);
  for (guint i = 0; i < G_N_ELEMENTS(files); i++)
    if (setting_is_set(files[i].path) && !look_at(&files[i], error))
      return FALSE;
  if (file_set != NULL && file_set->len == 0)
    return refuse(error, "JWT_JWKS_FILE não contém nenhuma chave utilizável.");
  return TRUE;
}

static void
refresh_files(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GError) error = NULL;
    if (setting_is_set(files[i].path) && g_get_monotonic_time() >= files[i].next_look_us &&
        !look_at(&files[i], &error))
      log_warning("keys stay as they were", "error", error->message, NULL);
  }
}

/* A table that is away for a moment is no reason to refuse keys that were read before. */
static gboolean
refresh_table(Db *db, GError **error)
{
  static gint64 next_read_us;
  g_autoptr(GError) lost = NULL;
  gboolean changed;
  gint64 now_us = g_get_monotonic_time();
  if (now_us < next_read_us)
    return TRUE;
  if (key_table_read(db, &changed, &lost))
    next_read_us = now_us + setting_int(JWT_JWKS_REFRESH_S) * G_USEC_PER_SEC;
  else if (key_table_set() != NULL) {
    next_read_us = now_us + TABLE_RETRY_US;
    log_warning("keys stay as they were", "error", lost->message, NULL);
  } else {
    g_propagate_error(error, g_steal_pointer(&lost));
    return FALSE;
  }
  return TRUE;
}

static void
fill(JwtKeys *out)
{
  *out = (JwtKeys){
      .secret = setting(JWT_SECRET), .public_key = public_key, .sets = {file_set, key_table_set()}};
}

gboolean
keys_current(JwkAlgorithm algorithm, Db *db, JwtKeys *out, GError **error)
{
  if (algorithm != JWK_HS256) {
    refresh_files();
    if (setting_is_set(JWT_JWKS_URL) && !refresh_table(db, error))
      return FALSE;
  }
  fill(out);
  return TRUE;
}

static gboolean
wait_for_fetch(Db *db, gboolean *renewed, GError **error)
{
  gint64 until = g_get_monotonic_time() + setting_int(JWT_JWKS_WAIT_MS) * 1000;
  while (!*renewed && g_get_monotonic_time() < until) {
    g_usleep(FETCH_POLL_US);
    if (!key_table_read(db, renewed, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
keys_renew(Db *db, gboolean *renewed, JwtKeys *out, GError **error)
{
  gboolean granted = FALSE;
  *renewed = FALSE;
  if (!setting_is_set(JWT_JWKS_URL))
    return TRUE;
  if (!key_table_read(db, renewed, error) || (!*renewed && !key_table_ask(db, &granted, error)) ||
      (granted && !wait_for_fetch(db, renewed, error)))
    return FALSE;
  fill(out);
  return TRUE;
}
