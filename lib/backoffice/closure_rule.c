#include "backoffice/closure_rule.h"

#include "base/text.h"

#define PLACES 3

/* The objects of an answer that may hold a header's member, in the order in which they count. */
static void
find_places(const json_t *order, const json_t *places[PLACES])
{
  places[0] = order;
  places[1] = json_object_get(order, "cabecalho_consulta");
  places[2] = json_object_get(order, "cabecalho");
}

char *
closure_status_of(const json_t *order)
{
  const json_t *places[PLACES];
  const char *status = NULL;
  find_places(order, places);
  for (guint i = 0; i < PLACES && (status == NULL || *status == '\0'); i++)
    status = json_string_value(json_object_get(places[i], "cStatus"));
  return text_trim(status != NULL ? status : "");
}

gint64
closure_id_of(const json_t *order)
{
  const json_t *places[PLACES];
  gint64 id = 0;
  find_places(order, places);
  for (guint i = 0; i < PLACES && id == 0; i++)
    id = json_integer_value(json_object_get(places[i], "nCodPed"));
  return id;
}

gboolean
closure_is_closed(const char *status, const char *configured)
{
  const char *const closed[] = {"encerrado", "fechado", "finalizado", NULL};
  g_autofree char *folded = g_utf8_casefold(status, -1);
  g_autofree char *own = g_utf8_casefold(configured, -1);
  return *folded != '\0' && (g_str_equal(folded, own) || g_strv_contains(closed, folded));
}
