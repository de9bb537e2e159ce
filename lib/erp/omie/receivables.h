/* financas/contareceber/ ListarContasReceber: titles to be received (omie-api.md 5). */
#pragma once
#include "base/date.h"
#include "erp/omie/listing.h"

/* The members of a row, by their place in OmieRow.cells. */
enum {
  OMIE_TITLE_ID,           /* codigo_lancamento_omie */
  OMIE_TITLE_CLIENT,       /* codigo_cliente_fornecedor */
  OMIE_TITLE_OTHER_CLIENT, /* codigo_cliente_omie, as older gateways name it */
  OMIE_TITLE_VALUE,        /* valor_documento */
  OMIE_TITLE_OTHER_VALUE,  /* valor */
  OMIE_TITLE_STATUS,       /* status_titulo */
  OMIE_TITLE_REGISTERED,   /* data_registro */
  OMIE_TITLE_ISSUED,       /* data_emissao */
};

extern const OmieMethod omie_list_receivables;

/* Which date makes a title one of a month: a row of the table of OMIE_CR_FILTRO_DATA. */
typedef struct {
  const char *name;      /* of the setting's value */
  const char *from, *to; /* the request's members */
  int member;            /* of a row, to be checked again; -1: Omie alone knows */
} OmieTitleDate;

/* The configured one.  Errors: NOT_CONFIGURED. */
gboolean omie_title_date(const OmieTitleDate **date, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does a row lie in these days?  What has no date that can be read is taken at Omie's word. */
gboolean omie_title_is_of(const OmieRow *row, const OmieTitleDate *date, const DateRange *days);

/* Is it cancelled?  Listings hold cancelled titles too (omie-api.md 5.3). */
gboolean omie_title_is_cancelled(const OmieRow *row);

/* A listing's filter by days; `filter` is an OmieTitleFilter. */
typedef struct {
  const OmieTitleDate *date;
  const DateRange *days;
} OmieTitleFilter;
void omie_write_title_filter(JsonWriter *w, gconstpointer filter);
