/* /omie/api/v1/financas/extrato/ of the sandbox: ListarExtrato (erp-connectors.md 6.3), which has
 * no pages and stops at 50 rows without a word. */
#include "omie_pages.h"

static const OmieMember members[] = {
    OMIE_N("nCodCC"),        OMIE_S("cCodIntCC", 20),       OMIE_D("dPeriodoInicial"),
    OMIE_D("dPeriodoFinal"), OMIE_SN("cExibirApenasSaldo"), OMIE_END};
static const OmieType type = {"eccListarExtratoRequest", members};

static const char sql_list[] = "select body, code, message from sandbox.omie_extrato($1, $2)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_ask_books(sql_list, call,
                        (const char *const[]){"nCodCC", "dPeriodoInicial", "dPeriodoFinal", NULL},
                        reply, error);
}

static const OmieMethod methods[] = {OMIE_METHOD("ListarExtrato", OMIE_READ, &type, list),
                                     OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: extrato de conta corrente",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
