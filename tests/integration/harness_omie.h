/* Arranging what the sandbox's Omie holds, answers and saw. */
#pragma once
#include <glib.h>

/* A fresh app with the credentials that programs use: no clients, no calls, no faults. */
void omie_reset(void);

/* So many synthetic clients, always the same ones; their codes ascend. */
void omie_seed(guint count);

/* One client, new or changed: a JSON object with codigo_cliente_omie and whatever else it has. */
void omie_put(const char *record);

/* What the sandbox answers to calls of a method in place of the truth. */
typedef struct {
  const char *method; /* default ListarClientes */
  guint call;         /* the n-th call from now on; 0: any */
  guint page;         /* calls for this page; 0: any */
  guint times;        /* so often; 0: always */
  guint status;       /* HTTP status; 0: 200 */
  const char *body;   /* sent as it is */
  const char *type;   /* content type; default application/json */
  const char *trick;  /* "reset": the connection ends; "cut": the truth, but half of it; "hang":
                       * the truth, late */
  guint delay_ms;     /* before anything else happens */
} OmieAnswer;
#define omie_answer(...) omie_answer_with(&(OmieAnswer){__VA_ARGS__})
void omie_answer_with(const OmieAnswer *answer);

/* A fault as Omie words it, for the given page (0: any), for ever. */
void omie_fault(guint page, guint status, const char *code, const char *text);

/* A page of a listing with records given as a JSON array's inside; for a call of that page. */
void omie_page(guint page, guint total, const char *records);

/* No arranged answers any more. */
void omie_answers_clear(void);

/* A minute passes for the sandbox: no redundancy window, no block, no counted errors. */
void omie_forget(void);

/* Calls of ListarClientes that wait in the sandbox until omie_release: those for pages from `first`
 * on.  omie_hold_of: calls of another method, besides. */
void omie_hold(guint first);
void omie_hold_of(const char *method, guint first);
/* The program's own write of a page waits at the client with this code until omie_release. */
void page_hold(const char *codigo);
/* How many calls or writes are waiting so. */
gint64 held_count(void);
void omie_release(void);

/* What the sandbox saw of ListarClientes: how many calls, their pages as "1,2,3" in order of
 * arrival, and the parameters of the n-th (from 1) as JSON text. */
gint64 omie_calls(void);
char *omie_pages(void);
char *omie_parameters(guint nth);
/* The same for another method. */
gint64 omie_calls_of(const char *method);
char *omie_pages_of(const char *method);
char *omie_parameters_of(const char *method, guint nth);

/* One of the sandbox's settings. */
void omie_setting(const char *name, const char *value);
