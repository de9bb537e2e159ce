#include "backoffice/log_lists.h"

#define MAY_BE_RETRIED "status in ('pending', 'failed') and tentativas < max_tentativas"
#define STATUSES                                                                                   \
  {                                                                                                \
    "pending", "processing", "success", "failed"                                                   \
  }

const List transfer_log_list = {
    .table = "backoffice.attachment_transfer_log",
    .choices = STATUSES,
    .columns =
        {
            {"id", LIST_INTEGER, LIST_ORDER, NULL},
            {"task_id", LIST_TEXT, 0, NULL},
            {"origem_tabela", LIST_TEXT, LIST_FILTER, NULL},
            {"origem_id", LIST_INTEGER, LIST_FILTER | LIST_SEARCH, NULL},
            {"destino_tabela", LIST_TEXT, LIST_FILTER, NULL},
            {"destino_id", LIST_INTEGER, LIST_FILTER | LIST_SEARCH, NULL},
            {"status", LIST_CHOICE, LIST_FILTER | LIST_ORDER, NULL},
            {"tentativas", LIST_INTEGER, LIST_ORDER, NULL},
            {"max_tentativas", LIST_INTEGER, 0, NULL},
            {"pode_retentar", LIST_BOOL, 0, MAY_BE_RETRIED},
            {"anexos_transferidos", LIST_JSON, 0, NULL},
            {"total_anexos", LIST_INTEGER, 0, NULL},
            {"anexos_sucesso", LIST_INTEGER, 0, NULL},
            {"mensagem_erro", LIST_TEXT, 0, NULL},
            {"detalhes", LIST_JSON, 0, NULL},
            {"proxima_tentativa_em", LIST_INSTANT, 0, NULL},
            {"created_at", LIST_INSTANT, LIST_FILTER | LIST_ORDER, NULL},
            {"updated_at", LIST_INSTANT, LIST_ORDER, NULL},
            {"processado_em", LIST_INSTANT, LIST_ORDER, NULL},
        },
};

const List closure_log_list = {
    .table = "backoffice.purchase_order_closure_log",
    .choices = STATUSES,
    .columns =
        {
            {"id", LIST_INTEGER, LIST_ORDER, NULL},
            {"task_id", LIST_TEXT, 0, NULL},
            {"numero_pedido", LIST_TEXT, LIST_FILTER | LIST_ORDER | LIST_SEARCH, NULL},
            {"item_pedido", LIST_TEXT, LIST_FILTER | LIST_SEARCH, NULL},
            {"numero_nf_servico", LIST_TEXT, LIST_FILTER | LIST_SEARCH, NULL},
            {"id_nf_servico", LIST_INTEGER, LIST_FILTER | LIST_SEARCH, NULL},
            {"status", LIST_CHOICE, LIST_FILTER | LIST_ORDER, NULL},
            {"tentativas", LIST_INTEGER, LIST_ORDER, NULL},
            {"max_tentativas", LIST_INTEGER, 0, NULL},
            {"pode_retentar", LIST_BOOL, 0, MAY_BE_RETRIED},
            {"mensagem_erro", LIST_TEXT, 0, NULL},
            {"detalhes", LIST_JSON, 0, NULL},
            {"proxima_tentativa_em", LIST_INSTANT, 0, NULL},
            {"created_at", LIST_INSTANT, LIST_FILTER | LIST_ORDER, NULL},
            {"updated_at", LIST_INSTANT, LIST_ORDER, NULL},
            {"processado_em", LIST_INSTANT, LIST_ORDER, NULL},
        },
};

const List integration_map_list = {
    .table = "backoffice.attachment_integration_map",
    .columns =
        {
            {"id", LIST_INTEGER, LIST_FILTER | LIST_ORDER, NULL},
            {"origem_recebimento_id", LIST_INTEGER, LIST_FILTER | LIST_ORDER, NULL},
            {"destino_conta_pagar_id", LIST_INTEGER, LIST_FILTER | LIST_ORDER, NULL},
            {"numero_nf", LIST_TEXT, LIST_FILTER | LIST_ORDER, NULL},
            {"created_at", LIST_INSTANT, LIST_ORDER, NULL},
        },
};
