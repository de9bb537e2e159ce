/* Base64url without padding, as tokens and key sets write bytes (RFC 7515, appendix C). */
#pragma once
#include <glib.h>

/* The bytes of `length` characters, with a NUL behind them that does not count.  NULL for anything
 * but the one canonical spelling: no padding, no white space, no spare bits set.  Caller frees. */
guchar *base64url_decode(const char *text, gsize length, gsize *out_length);
