#include "erp/omie/clients.h"

#include "base/settings.h"
#include "base/text.h"

const OmieMethod omie_list_clients = {
    .path = "geral/clientes/",
    .call = "ListarClientes",
    .list = "clientes_cadastro",
    .other_list = "lista_clientes_cadastro",
    .members =
        {
            [OMIE_CLIENT_CODE] = "codigo_cliente_omie",
            [OMIE_CLIENT_LEGAL_NAME] = "razao_social",
            [OMIE_CLIENT_TRADE_NAME] = "nome_fantasia",
            [OMIE_CLIENT_DOCUMENT] = "cnpj_cpf",
            [OMIE_CLIENT_EMAIL] = "email",
        },
};

void
omie_write_client_filter(JsonWriter *w, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *tag = text_trim(setting(OMIE_TAG_APENAS_CLIENTE));
  if (*tag == '\0')
    return;
  json_open_object(w, "clientesFiltro");
  json_open_array(w, "tags");
  json_open_object(w, NULL);
  json_add_text(w, "tag", tag);
  json_close_object(w);
  json_close_array(w);
  json_close_object(w);
}
