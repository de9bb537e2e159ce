/* What a header's value says.  Pure. */
#pragma once
#include <glib.h>

/* Is this media type JSON?  With `utf8_only` the only parameter allowed is charset=utf-8. */
gboolean content_type_is_json(const char *content_type, gboolean utf8_only);

/* Is a preference, one without a value, among those of a Prefer header (RFC 7240)? */
gboolean prefer_has(const char *prefer, const char *preference);

/* May this Host header stand in a link: a name or address, and perhaps a port? */
gboolean host_is_plausible(const char *host);
