/* What all processes of all hosts agree on before a call goes to an ERP, kept in Postgres (schema
 * erp): the guard (a breaker per account and method), the places among the calls in flight, the
 * rate. One statement asks for all of them and renews the caller's lease (sql/0002_erp.up.sql). */
#pragma once
#include "db/db.h"

typedef struct {
  const char *account; /* a hash of the ERP's key, never the key */
  const char *call;    /* the ERP's method */
  gint64 places;       /* calls in flight at once */
  gint64 place_ms;     /* a place not given back is free after so long */
  gint64 per_minute;   /* 0: unlimited */
  gint64 burst;
  gint64 max_errors; /* error answers within window_s that suspend the method */
  gint64 window_s;
  gint64
      stand_ms; /* how long to stand in line for a place before GATE_BUSY, holding our connection */
} CallPolicy;

/* The caller's own lease: renew(id, duration) is an SQL function that answers false when lost. */
typedef struct {
  const char *renew; /* "fin.renew_client_sync"; NULL: no lease */
  const char *id;
  gint64 seconds;
} Lease;

typedef enum { GATE_GO, GATE_BUSY, GATE_SUSPENDED, GATE_LEASE_LOST } GateVerdict;

/* Asks to send one call.  GATE_GO: send after *wait_ms (a reservation).  GATE_BUSY: ask again.
 * `holder` is a UUID that stands for the place; asking again with it keeps the place. */
gboolean call_gate_enter(Db *db, const CallPolicy *policy, const char *holder, const Lease *lease,
                         GateVerdict *verdict, gint64 *wait_ms,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Renews the lease for a wait of so long: a run that waits is alive. */
gboolean call_gate_renew(Db *db, const Lease *lease, gint64 wait_ms,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tells of an error answer: frees the place, counts it; `block_s` > 0 suspends the method for
 * everybody, `pause_ms` > 0 holds everybody's rate back (where there is one: per_minute > 0). */
gboolean call_gate_note_fault(Db *db, const CallPolicy *policy, const char *holder, gint64 block_s,
                              gint64 pause_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives back the places of several holders (an array literal). */
gboolean call_gate_leave(Db *db, const CallPolicy *policy, const char *holders,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The first 16 hex digits of SHA-256, for `account`.  Caller frees. */
char *call_gate_account(const char *key);
