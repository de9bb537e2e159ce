/* Which attachments of a record are to be copied, and how an attempt ended (backoffice.md 6.4, 6.6,
 * 6.9, 6.11b).  Pure: knows what both records have, calls nobody. */
#pragma once
#include <glib.h>

#include "erp/omie/reply.h"

/* A file as a record lists it. */
typedef struct {
  gint64 id;   /* nIdAnexo; 0: none */
  char *name;  /* trimmed; NULL: none */
  char *code;  /* cCodIntAnexo; NULL: none */
  gint64 size; /* bytes; 0: unknown */
} ListedFile;
void listed_file_from_omie(ListedFile *file, const OmieRow *row);
void listed_file_clear(gpointer file);

/* The code under which a file is included at its target: "B" and its id.  NULL without an id; the
 * caller's. */
char *transfer_code(const ListedFile *origin);

typedef enum {
  STEP_INCLUDE,
  STEP_SENT_BEFORE, /* by an earlier attempt of this log */
  STEP_ARRIVED,     /* sent with unknown outcome, and found at the target */
  STEP_DUPLICATE,
  STEP_UNNAMED,
} TransferStep;

/* Figures of one attempt; `origin` is the sum of those from `included` on. */
typedef struct {
  gint64 origin, target;
  gint64 included, sent_before, duplicates, without_content, refused, unnamed, not_tried;
} TransferCount;

/* What is known before the first file. */
typedef struct {
  const GArray *target;  /* of ListedFile: what the target has */
  GPtrArray *included;   /* of const ListedFile: what this attempt put there */
  GHashTable *sent;      /* keys of files that this log sent before */
  GHashTable *in_flight; /* keys of files whose inclusion has no known outcome */
} TransferPlan;
void transfer_plan_init(TransferPlan *plan, const GArray *target);
void transfer_plan_clear(TransferPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TransferPlan, transfer_plan_clear)

/* How this log names a file among those sent: by id, else by name.  The caller's. */
char *transfer_key(gint64 id, const char *name);

TransferStep transfer_plan_step(const TransferPlan *plan, const ListedFile *origin);

/* Files that are not transferred; > 0 makes the attempt a failure. */
gint64 transfer_open(const TransferCount *count);
