/* ListarContasReceber, as pages.h serves it. */
#define ROUTE_URL "/omie/api/v1/financas/contareceber"

#include "pages.h"
