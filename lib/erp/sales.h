/* Fetching an organization's sales from its ERP (data-collecting.md 1.13): one connector per ERP,
 * all used alike.  A fetch never blocks: many of them go on at once in one process, each moved on
 * by sales_fetch_advance while https_wait waits for all of them together. */
#pragma once
#include <glib.h>

#include "base/date.h"
#include "base/instant.h"
#include "db/db.h"
#include "erp/sale.h"
#include "net/spool.h"

/* Why an organization's fetch failed, or its details are incomplete (1.8). */
typedef struct {
  const char *code; /* "ERP_INACESSIVEL", "ERP_HTTP_502" …; NULL: all is well.  Interned. */
  char *detail;     /* at most 300 characters, no secrets */
} SalesFailure;
void sales_failure_clear(SalesFailure *failure);

/* What is known already of orders that a listing names, so that only what is new or changed is
 * asked for in detail (3.3): sets wanted[i] FALSE for those whose status and updated_at are stored.
 * It may use the database. */
typedef gboolean (*SalesWanted)(const char *const *ids, const char *const *statuses,
                                const char *const *updated, gboolean *wanted, guint count,
                                gpointer data, GError **error);

typedef struct {
  Db *db;                    /* for rates shared by all hosts */
  const char *configuration; /* organizations.integracao_configuracao, JSON */
  DateRange days;            /* of the window, in the zone */
  Instant now;
  GTimeZone *zone;
  SalesWanted wanted; /* NULL: all are wanted */
  gpointer wanted_data;
  gint64 deadline_us; /* g_get_monotonic_time(): nothing new is asked for after this */
} SalesRequest;

typedef struct SalesFetch SalesFetch; /* each connector's own, begins with this: */
typedef struct SalesConnector SalesConnector;
struct SalesFetch {
  const SalesConnector *connector;
  Spool *raw;           /* what came, as a JSON text whose records are at connector->records */
  SalesFailure failure; /* when it failed: nothing is to be imported */
  gboolean partial;     /* some records could not be had: those of `missing`, or time ran out */
  GPtrArray *missing;   /* of SalesMissing: an error row each */
  guint statements;     /* SQL statements it sent */
};
typedef struct {
  char *external_id;
  SalesFailure failure;
} SalesMissing;

struct SalesConnector {
  const char *type; /* "ONLINE-SOFTWARE": organizations.integracao_tipo, and the logs' prefix */
  const char *identifier; /* "ONLINE_IMPORTATION" */
  const char *records;    /* member of the envelope that holds the array of records; a bare array at
                           * the root is accepted too */
  const char *suffix;     /* of texts about this ERP: " (CardapioWeb)", "" */
  gboolean (*check)(const char *configuration, char **detail); /* CONFIG_INVALIDA when FALSE */
  void (*write_window)(const DateRange *days, GString *text);  /* `data` of the log rows */
  SalesFetch *(*start)(const SalesRequest *request);           /* which must outlive the fetch */
  gboolean (*advance)(SalesFetch *fetch);                      /* TRUE once it is over */
  gint64 (*wait_ms)(const SalesFetch *fetch); /* how long it has nothing to do but wait */
  void (*free)(SalesFetch *fetch);
  /* A record's text as a sale; FALSE with the reason.  Pure. */
  gboolean (*map)(const char *record, gsize length, GTimeZone *zone, SaleArena *arena, Sale *sale,
                  SaleRejection *why);
  /* The record's external id, quickly, for finding repeated ones; NULL when it has none.  Caller
   * frees. */
  char *(*id_of)(const char *record, gsize length);
};

extern const SalesConnector online_software, cardapio_web;

/* The connector of an integracao_tipo, or NULL. */
const SalesConnector *sales_connector(const char *type);
