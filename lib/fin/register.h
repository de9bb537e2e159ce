/* Clients and contracts as people type them in, where there is no other front end.  Whoever gives
 * the id may repeat a creation: the same content finds its row, so a lost answer costs nothing. */
#pragma once
#include "db/db.h"

typedef enum {
  REGISTER_CREATED,
  REGISTER_FOUND,     /* it was there already, with this very content */
  REGISTER_OTHER,     /* the id stands for something else */
  REGISTER_NO_CLIENT, /* the contract's client does not exist */
} RegisterOutcome;

/* In all members NULL is SQL null; without an id a new one is made. */
typedef struct {
  const char *id;
  const char *name, *document, *contact_email, *omie_codigo;
} NewClient;
typedef struct {
  const char *id;
  const char *client_id, *mrr, *start_date, *end_date, *renewal_date, *adjustment_index, *notes;
} NewContract;

/* The row in *row (the caller's), whose first REGISTER_… columns are for answers.  Errors: CONFLICT
 * for an omie_codigo that another client has, DATABASE_*. */
#define REGISTER_CLIENT_COLUMNS   7
#define REGISTER_CONTRACT_COLUMNS 9
gboolean register_client(Db *db, const NewClient *client, RegisterOutcome *outcome, PGresult **row,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean register_contract(Db *db, const NewContract *contract, RegisterOutcome *outcome,
                           PGresult **row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
