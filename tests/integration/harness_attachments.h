/* Attachments of the sandbox's Omie: what documents hold, what was sent, and writes whose answer is
 * lost.  omie_reset forgets all of it.  For calls of these methods: omie_calls_of,
 * omie_parameters_of (cArquivo gives way to its length) and omie_answer with .method. */
#pragma once
#include <glib.h>

#define LIST_ATTACHMENTS   "ListarAnexo"
#define OBTAIN_ATTACHMENT  "ObterAnexo"
#define INCLUDE_ATTACHMENT "IncluirAnexo"
#define DOWNLOAD           "download" /* a GET of a link, counted and arranged like a method */

/* A file on a document (cTabela, nId), as if attached in Omie's screens; returns its nIdAnexo.
 * `bytes` NULL: ObterAnexo will have neither content nor link. */
gint64 attachment_put(const char *tabela, gint64 n_id, const char *nome, const void *bytes,
                      gsize length);

/* The same with a cCodIntAnexo (NULL: none) and the nTamanho that is listed, true or not (-1: none,
 * unless the setting attachments_size is S). */
gint64 attachment_put_as(const char *tabela, gint64 n_id, const char *nome, const void *bytes,
                         gsize length, const char *code, gint64 listed_size);

/* What Omie holds now, in the order of arrival, as JSON without spaces:
 * [{"nome":"a.pdf","tamanho":5,"md5":"<of the original bytes>","codigo":"B1"}, …]; codigo null when
 * there is none, tamanho and md5 null without bytes. */
char *attachments_json(const char *tabela, gint64 n_id);
gint64 attachments_count(const char *tabela, gint64 n_id);

/* The original bytes of the first attachment of this name, with a 0 behind them; NULL when there is
 * none. */
char *attachment_content(const char *tabela, gint64 n_id, const char *nome, gsize *length);

/* cArquivo as the last accepted IncluirAnexo of this document and name had it (`tabela` NULL: of
 * all), with its cMd5 when asked for; NULL when there was none. */
char *attachment_sent(const char *tabela, gint64 n_id, const char *nome, char **md5);

/* How a write ends for its caller, whatever became of it. */
typedef enum {
  ENDS_IN_RESET,        /* no answer */
  ENDS_IN_TIMEOUT_PAGE, /* 504 of the gateway */
  ENDS_IN_BYEBYE,       /* fault with PROTO_BYEBYE */
  ENDS_AS_REPEATED,     /* fault 8020: processed already, or being processed */
} OmieEnd;

/* The nth call of a method from now on (0: the next) ends so, once.  `performed`: what it asked for
 * was done all the same. */
void omie_write_ends(const char *method, guint nth, gboolean performed, OmieEnd end);
