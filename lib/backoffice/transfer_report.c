#include "backoffice/transfer_report.h"

#include "base/json.h"
#include "base/text.h"

#define MAX_LISTED 20   /* of duplicates_nomes and erros */
#define MAX_REASON 2000 /* characters of a stored error text (5.7) */

typedef struct {
  char *name, *reason;
  gint64 id;
} Trouble;

static void
free_trouble(gpointer data)
{
  Trouble *trouble = data;
  g_free(trouble->name);
  g_free(trouble->reason);
  g_free(trouble);
}

void
transfer_report_init(TransferReport *report)
{
  *report = (TransferReport){
      .duplicates = g_ptr_array_new_with_free_func(g_free),
      .troubles = g_ptr_array_new_with_free_func(free_trouble),
      .started_us = g_get_monotonic_time(),
  };
}

void
transfer_report_clear(TransferReport *report)
{
  g_clear_pointer(&report->duplicates, g_ptr_array_unref);
  g_clear_pointer(&report->troubles, g_ptr_array_unref);
}

void
transfer_report_duplicate(TransferReport *report, const char *name)
{
  report->count.duplicates++;
  if (report->duplicates->len < MAX_LISTED)
    g_ptr_array_add(report->duplicates, g_strdup(name));
}

void
transfer_report_trouble(TransferReport *report, const ListedFile *file, const char *reason,
                        gboolean may_retry, gint64 not_before_s)
{
  report->may_retry |= may_retry;
  report->not_before_s = MAX(report->not_before_s, not_before_s);
  if (report->troubles->len == MAX_LISTED)
    return;
  Trouble *trouble = g_new0(Trouble, 1);
  *trouble = (Trouble){g_strdup(file->name), text_cut(reason, MAX_REASON), file->id};
  g_ptr_array_add(report->troubles, trouble);
}

static void
write_troubles(JsonWriter *w, const TransferReport *report)
{
  json_open_array(w, "erros");
  for (guint i = 0; i < report->troubles->len; i++) {
    const Trouble *trouble = report->troubles->pdata[i];
    json_open_object(w, NULL);
    json_add_text(w, "nome", trouble->name);
    json_add_int(w, "nIdAnexo", trouble->id);
    json_add_text(w, "motivo", trouble->reason);
    json_close_object(w);
  }
  json_close_array(w);
}

char *
transfer_report_json(const TransferReport *report)
{
  const TransferCount *count = &report->count;
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_int(w, "contagem_origem", count->origin);
  json_add_int(w, "contagem_destino_inicial", count->target);
  json_add_int(w, "duplicados", count->duplicates);
  json_add_int(w, "sem_conteudo", count->without_content);
  json_add_int(w, "erros_inclusao", count->refused);
  json_add_int(w, "elapsed_ms", (g_get_monotonic_time() - report->started_us) / 1000);
  json_add_int(w, "ja_transferidos", count->sent_before);
  json_add_int(w, "sem_nome", count->unnamed);
  json_add_int(w, "nao_tentados", count->not_tried);
  json_add_int(w, "incluidos", count->included);
  json_open_array(w, "duplicados_nomes");
  for (guint i = 0; i < report->duplicates->len; i++)
    json_add_text(w, NULL, report->duplicates->pdata[i]);
  json_close_array(w);
  write_troubles(w, report);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

char *
transfer_report_message(const TransferReport *report)
{
  gint64 open = transfer_open(&report->count);
  const Trouble *first = report->troubles->len > 0 ? report->troubles->pdata[0] : NULL;
  if (open == 0)
    return NULL;
  return g_strdup_printf(
      "%" G_GINT64_FORMAT " de %" G_GINT64_FORMAT " anexos não transferidos: %s: %s", open,
      report->count.origin, first != NULL && first->name != NULL ? first->name : "-",
      first != NULL ? first->reason : "tempo esgotado");
}
