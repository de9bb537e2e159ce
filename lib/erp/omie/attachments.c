#include "erp/omie/attachments.h"

#define PATH "geral/anexo/"

const OmieMethod omie_list_files = {
    .path = PATH,
    .call = "ListarAnexo",
    .list = "listaAnexos",
    .other_list = "anexos",
    .members =
        {
            [OMIE_FILE_ID] = "nIdAnexo",
            [OMIE_FILE_CODE] = "cCodIntAnexo",
            [OMIE_FILE_NAME] = "cNomeArquivo",
            [OMIE_FILE_SIZE] = "nTamanho",
            [OMIE_FILE_SIZE + 1] = "tamanho",
            [OMIE_FILE_SIZE + 2] = "nBytes",
            [OMIE_FILE_LAST_SIZE] = "bytes",
        },
    .one_at_a_time = TRUE,
    .page = "nPagina",
    .page_size = "nRegPorPagina",
    .rows_per_page = 50,
    .max_pages = 200,
};

const OmieMethod omie_get_file = {.path = PATH, .call = "ObterAnexo", .is_single = TRUE};

const OmieMethod omie_add_file = {
    .path = PATH,
    .call = "IncluirAnexo",
    .one_at_a_time = TRUE,
    .is_single = TRUE,
    .is_write = TRUE,
    .is_slow = TRUE,
};

void
omie_write_record(JsonWriter *w, gconstpointer data)
{
  const OmieRecord *record = data;
  json_add_text(w, "cTabela", record->table);
  json_add_int(w, "nId", record->id);
}

void
omie_write_file(JsonWriter *w, gconstpointer data)
{
  const OmieFile *file = data;
  omie_write_record(w, &file->record);
  if (file->id != 0)
    json_add_int(w, "nIdAnexo", file->id);
  else
    json_add_text(w, "cNomeArquivo", file->name);
}

void
omie_write_new_file(JsonWriter *w, gconstpointer data)
{
  const OmieNewFile *file = data;
  omie_write_record(w, &file->record);
  if (file->code != NULL)
    json_add_text(w, "cCodIntAnexo", file->code);
  json_add_text(w, "cNomeArquivo", file->name);
  json_add_text(w, "cArquivo", file->base64);
  json_add_text(w, "cMd5", file->md5);
}
