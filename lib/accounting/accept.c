#include "accounting/accept.h"

#include <string.h>

/* How welcome a media type is: thousandths, and how exactly it was named ("text/csv" 3, a family 2,
 * anything 1, not at all 0). */
typedef struct {
  int quality, exactness;
} Welcome;

static int
exactness_of(const char *range, const char *type, const char *family)
{
  return g_ascii_strcasecmp(range, type) == 0     ? 3
         : g_ascii_strcasecmp(range, family) == 0 ? 2
         : g_str_equal(range, "*/*")              ? 1
                                                  : 0;
}

/* The q of "text/csv;q=0.8"; 1000 without one, 0 for what is no number. */
static int
quality_of(char **parameters)
{
  for (; *parameters != NULL; parameters++) {
    const char *parameter = g_strstrip(*parameters);
    if (g_ascii_strncasecmp(parameter, "q=", 2) == 0) {
      double q = g_ascii_strtod(parameter + 2, NULL);
      return q > 0 ? (int)(MIN(q, 1) * 1000 + 0.5) : 0;
    }
  }
  return 1000;
}

/* The most exact range that names the type decides. */
static Welcome
welcome_of(char **ranges, const char *type, const char *family)
{
  Welcome welcome = {0, 0};
  for (; *ranges != NULL; ranges++) {
    g_auto(GStrv) parts = g_strsplit(*ranges, ";", -1);
    if (parts[0] == NULL)
      continue;
    int exactness = exactness_of(g_strstrip(parts[0]), type, family);
    if (exactness > welcome.exactness)
      welcome = (Welcome){quality_of(parts + 1), exactness};
  }
  return welcome;
}

gboolean
accept_format(const char *accept, QuestionFormat *format)
{
  g_auto(GStrv) ranges = g_strsplit(accept != NULL ? accept : "", ",", -1);
  Welcome json = welcome_of(ranges, "application/json", "application/*");
  Welcome csv = welcome_of(ranges, "text/csv", "text/*");
  gboolean is_blank = accept == NULL || accept[strspn(accept, " \t")] == '\0';
  if (!is_blank && json.quality == 0 && csv.quality == 0)
    return FALSE;
  /* who names CSV and takes anything else as well wants CSV */
  gboolean is_csv =
      csv.quality > json.quality || (csv.quality == json.quality && csv.exactness > json.exactness);
  *format = is_csv && !is_blank ? FORMAT_CSV : FORMAT_JSON;
  return TRUE;
}
