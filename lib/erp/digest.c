#include "erp/digest.h"

#include <string.h>

#define ROUNDS_OF_WORD 1
#define ROUNDS_AT_END  3

typedef struct {
  guint64 v0, v1, v2, v3;
} State;

static inline guint64
rotated(guint64 word, guint bits)
{
  return word << bits | word >> (64 - bits);
}

static inline void
mix(State *s, guint rounds)
{
  for (; rounds > 0; rounds--) {
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotated(s->v1, 13) ^ s->v0;
    s->v3 = rotated(s->v3, 16) ^ s->v2;
    s->v0 = rotated(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotated(s->v1, 17) ^ s->v2;
    s->v3 = rotated(s->v3, 21) ^ s->v0;
    s->v2 = rotated(s->v2, 32);
  }
}

static inline void
take_word(State *s, guint64 word)
{
  s->v3 ^= word;
  mix(s, ROUNDS_OF_WORD);
  s->v0 ^= word;
}

Digest
digest_of(const Digest *key, const char *bytes, gsize length)
{
  State s = {key->a ^ G_GUINT64_CONSTANT(0x736f6d6570736575),
             key->b ^ G_GUINT64_CONSTANT(0x646f72616e646f6d) ^ 0xee,
             key->a ^ G_GUINT64_CONSTANT(0x6c7967656e657261),
             key->b ^ G_GUINT64_CONSTANT(0x7465646279746573)};
  guint64 word, last = (guint64)length << 56;
  gsize whole = length / sizeof word * sizeof word;
  for (gsize at = 0; at < whole; at += sizeof word) {
    memcpy(&word, bytes + at, sizeof word);
    take_word(&s, GUINT64_FROM_LE(word));
  }
  for (gsize at = whole; at < length; at++)
    last |= (guint64)(guchar)bytes[at] << (8 * (at - whole));
  take_word(&s, last);
  s.v2 ^= 0xee;
  mix(&s, ROUNDS_AT_END);
  Digest digest = {.a = s.v0 ^ s.v1 ^ s.v2 ^ s.v3};
  s.v1 ^= 0xdd;
  mix(&s, ROUNDS_AT_END);
  digest.b = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
  return digest;
}

Digest
digest_random_key(void)
{
  return (Digest){(guint64)g_random_int() << 32 | g_random_int(),
                  (guint64)g_random_int() << 32 | g_random_int()};
}
