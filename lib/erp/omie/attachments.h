/* geral/anexo/: files attached to Omie's records (omie-api.md 7). */
#pragma once
#include "erp/omie/call.h"

/* ListarAnexo: the members of a row, by their place in OmieRow.cells. */
enum {
  OMIE_FILE_ID,   /* nIdAnexo */
  OMIE_FILE_CODE, /* cCodIntAnexo */
  OMIE_FILE_NAME, /* cNomeArquivo */
  OMIE_FILE_SIZE, /* the first of these four that is a positive number */
  OMIE_FILE_LAST_SIZE = OMIE_FILE_SIZE + 3,
};
extern const OmieMethod omie_list_files; /* ListarAnexo */
#define OMIE_FILE_CONTENT "cArquivo"     /* of ObterAnexo's answer, where it has one */
extern const OmieMethod omie_get_file;   /* ObterAnexo: cArquivo or cLinkDownload */
extern const OmieMethod omie_add_file;   /* IncluirAnexo */

/* Which record's files; an OmieListingRequest's filter_data for omie_write_record. */
typedef struct {
  const char *table; /* cTabela, as Omie knows it */
  gint64 id;         /* nId */
} OmieRecord;
void omie_write_record(JsonWriter *w, gconstpointer record);

/* One file of it: by its id, or by its name when that is 0. */
typedef struct {
  OmieRecord record;
  gint64 id;
  const char *name;
} OmieFile;
void omie_write_file(JsonWriter *w, gconstpointer file);

/* A file to be included. */
typedef struct {
  OmieRecord record;
  const char *code; /* cCodIntAnexo; NULL: none */
  const char *name;
  const char *base64, *md5;
} OmieNewFile;
void omie_write_new_file(JsonWriter *w, gconstpointer file);
