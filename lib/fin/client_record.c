#include "fin/client_record.h"

#include "base/text.h"
#include "erp/omie/clients.h"

static char *
or_null(char *text)
{
  if (*text != '\0')
    return text;
  g_free(text);
  return NULL;
}

/* A text cell, entities decoded once and trimmed; numbers count as their text. */
static char *
clean_text(const OmieCell *cell)
{
  if (cell->text == NULL)
    return NULL;
  g_autofree char *decoded = text_decode_entities(cell->text);
  return or_null(text_trim(decoded));
}

static char *
clean_document(const OmieCell *cell)
{
  return cell->text != NULL ? or_null(text_digits(cell->text)) : NULL;
}

void
client_record_from_omie(ClientRecord *record, const OmieRow *row)
{
  record->code = omie_cell_code(&row->cells[OMIE_CLIENT_CODE]);
  record->name = clean_text(&row->cells[OMIE_CLIENT_LEGAL_NAME]);
  if (record->name == NULL)
    record->name = clean_text(&row->cells[OMIE_CLIENT_TRADE_NAME]);
  record->document = clean_document(&row->cells[OMIE_CLIENT_DOCUMENT]);
  record->email = clean_text(&row->cells[OMIE_CLIENT_EMAIL]);
}

void
client_record_clear(ClientRecord *record)
{
  g_free(record->code);
  g_free(record->name);
  g_free(record->document);
  g_free(record->email);
}
