#include "auth/cron.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/settings.h"

#define SECRET_MIN_BYTES 16

gboolean
cron_secret_is_configured(void)
{
  return strlen(setting(CRON_SECRET)) >= SECRET_MIN_BYTES;
}

/* Digests have one length, so that neither length nor content of the secret shows in the time. */
gboolean
cron_secret_matches(const char *shown)
{
  const char *secret = setting(CRON_SECRET);
  guchar ours[SHA256_DIGEST_LENGTH], theirs[SHA256_DIGEST_LENGTH];
  if (!cron_secret_is_configured() ||
      EVP_Digest(secret, strlen(secret), ours, NULL, EVP_sha256(), NULL) != 1 ||
      EVP_Digest(shown, strlen(shown), theirs, NULL, EVP_sha256(), NULL) != 1)
    return FALSE;
  return CRYPTO_memcmp(ours, theirs, sizeof ours) == 0;
}
