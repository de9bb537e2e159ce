/* The seven companies of the portfolio and their ERPs (erp-connectors.md 1.3).  Pure. */
#pragma once
#include <glib.h>

typedef enum { ERP_TOTVS, ERP_CONTAAZUL, ERP_OMIE, ERP_BLING, N_ERPS } ErpType;

typedef struct {
  const char *code; /* "IPE_DIGITAL" */
  const char *name; /* "Ipê Digital" */
  ErpType erp;
  const char *const *aliases; /* further spellings, normalized; ended by NULL */
} ErpCompany;

/* All of them, by code. */
extern const ErpCompany erp_companies[];
extern const guint n_erp_companies;

/* The company of a name or alias in any spelling (trimmed, accents and case ignored, space and
 * hyphen as _); NULL when there is none. */
const ErpCompany *erp_company(const char *name);

/* "totvs_protheus", "contaazul", "omie", "bling"; and back: FALSE for any other word. */
const char *erp_type_name(ErpType type);
gboolean erp_type_of(const char *name, ErpType *type);

/* What its variables begin with: "TOTVS", "CONTAAZUL", "OMIE", "BLING". */
const char *erp_type_prefix(ErpType type);

/* What people call it, for messages: "TOTVS Protheus". */
const char *erp_type_title(ErpType type);
