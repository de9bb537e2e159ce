/* Base64 that a person or Omie sent, refused unless it is just that. */
#pragma once
#include <glib.h>

/* Appends what `text` stands for: the standard alphabet with padding; line breaks and a leading
 * "data:…;base64," are tolerated.  FALSE, and nothing appended, for anything else. */
gboolean base64_decode(const char *text, GString *content) G_GNUC_WARN_UNUSED_RESULT;
