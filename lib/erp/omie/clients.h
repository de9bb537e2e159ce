/* geral/clientes/ ListarClientes: Omie's register of clients, suppliers and carriers. */
#pragma once
#include "erp/omie/listing.h"

/* The members of a row, by their place in OmieRow.cells. */
enum {
  OMIE_CLIENT_CODE,       /* codigo_cliente_omie */
  OMIE_CLIENT_LEGAL_NAME, /* razao_social */
  OMIE_CLIENT_TRADE_NAME, /* nome_fantasia */
  OMIE_CLIENT_DOCUMENT,   /* cnpj_cpf */
  OMIE_CLIENT_EMAIL,      /* email */
};

extern const OmieMethod omie_list_clients;

/* The filter by OMIE_TAG_APENAS_CLIENTE: one tag, commas literal; writes nothing when it is blank
 * (fin.md 6.4). */
void omie_write_client_filter(JsonWriter *w, gconstpointer unused);
