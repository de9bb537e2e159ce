#include "erp/omie/orders.h"

#include "base/settings.h"

const OmieMethod *
omie_consult_order(void)
{
  static OmieMethod method;
  method = (OmieMethod){
      .path = "produtos/pedidocompra/",
      .call = setting(OMIE_PO_CONSULT_CALL),
      .is_single = TRUE,
  };
  return &method;
}

const OmieMethod *
omie_close_order(void)
{
  static OmieMethod method;
  method = (OmieMethod){
      .path = setting(OMIE_PO_CLOSE_ENDPOINT),
      .call = setting(OMIE_PO_CLOSE_CALL),
      .one_at_a_time = TRUE,
      .is_single = TRUE,
      .is_write = TRUE,
  };
  return &method;
}

void
omie_write_order(JsonWriter *w, gconstpointer data)
{
  const OmieOrder *order = data;
  if (order->id != 0)
    json_add_int(w, "nCodPed", order->id);
  else
    json_add_text(w, "cNumero", order->number);
  if (order->status != NULL)
    json_add_text(w, "cStatus", order->status);
  if (order->item != NULL)
    json_add_text(w, "cCodItem", order->item);
}
