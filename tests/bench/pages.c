/* ListarClientes, as pages.h serves it. */
#define ROUTE_URL "/omie/api/v1/geral/clientes"

#include "pages.h"
