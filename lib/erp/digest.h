/* 128-bit digests by SipHash-1-3: with a random key nobody can aim for equal ones, and short ids
 * take a few nanoseconds. */
#pragma once
#include <glib.h>

typedef struct {
  guint64 a, b;
} Digest;

/* A digest may serve as the key of the next: a chain stands for all that went into it. */
Digest digest_of(const Digest *key, const char *bytes, gsize length);

Digest digest_random_key(void);

static inline gboolean
digest_equal(const Digest *one, const Digest *other)
{
  return one->a == other->a && one->b == other->b;
}
