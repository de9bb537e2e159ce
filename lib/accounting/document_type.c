/* What an ERP's document types are called everywhere (erp-connectors.md 2.3). */
#include "accounting/subledger.h"
#include "base/text.h"

/* Folded: lower case, no accents. */
static const struct {
  const char *raw, *canonical;
} types[] = {
    {"nf", "invoice"},
    {"nfe", "invoice"},
    {"nfse", "invoice"},
    {"nfc", "invoice"},
    {"fat", "invoice"},
    {"dup", "invoice"},
    {"duplicata", "invoice"},
    {"nota fiscal", "invoice"},
    {"venda", "invoice"},
    {"sale", "invoice"},
    {"pag", "payment"},
    {"pagamento", "payment"},
    {"payment", "payment"},
    {"expense", "payment"},
    {"despesa", "payment"},
    {"rec", "receipt"},
    {"rcb", "receipt"},
    {"recebimento", "receipt"},
    {"receipt", "receipt"},
    {"income", "receipt"},
    {"tra", "transfer"},
    {"tran", "transfer"},
    {"transferencia", "transfer"},
    {"transfer", "transfer"},
    {"lc", "journal"},
    {"lancamento", "journal"},
    {"ajuste", "journal"},
    {"caixa", "journal"},
    {"bordero", "journal"},
    {"journal", "journal"},
};

const char *
document_type_canonical(const char *raw, gboolean is_outgoing)
{
  if (raw == NULL)
    return "other";
  g_autofree char *trimmed = text_one_line(raw);
  g_autofree char *folded = text_fold(trimmed);
  if (g_str_equal(folded, "bol")) /* a slip that somebody pays, or that we pay */
    return is_outgoing ? "payment" : "receipt";
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    if (g_str_equal(folded, types[i].raw))
      return types[i].canonical;
  return "other";
}
