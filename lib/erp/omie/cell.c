#include "erp/omie/cell.h"

#include <string.h>

#include "base/text.h"

char *
omie_cell_code(const OmieCell *cell)
{
  if (cell->text == NULL)
    return NULL;
  g_autofree char *decoded = text_decode_entities(cell->text);
  g_autofree char *code = text_trim(decoded);
  gboolean is_whole = cell->kind != OMIE_NUMBER || strspn(code, "-0123456789") == strlen(code);
  return *code != '\0' && strcmp(code, "0") != 0 && is_whole ? g_steal_pointer(&code) : NULL;
}
