/* The fetches of a collecting run that are under way: many organizations at once in one process,
 * their leases renewed meanwhile. */
#pragma once
#include "crm/organization.h"

/* What all of them are asked for. */
typedef struct {
  Db *db;
  DateRange days;
  Instant now; /* at the run's start, by the database's clock */
  gint64 started_us;
  GTimeZone *zone;
  gint64 deadline_us; /* nothing new is asked for after this */
} FetchingContext;

typedef struct Fetching Fetching;

Fetching *fetching_new(const FetchingContext *context);
void fetching_free(Fetching *fetching); /* gives up what is under way */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fetching, fetching_free)

/* Begins with an organization that is TAKEN. */
void fetching_add(Fetching *fetching, Organization *organization);

/* How many are under way, or over and not handed out yet. */
guint fetching_count(const Fetching *fetching);

/* Moves all of them on, renews leases when it is time, and waits at most so long while nothing
 * happens (0: not at all). */
void fetching_move(Fetching *fetching, gint64 wait_ms);

/* The next whose fetch is over; NULL when there is none.  *fetch is borrowed until fetching_done;
 * up to then the lease is renewed with the others'.  An organization that has no lease any more
 * lost it meanwhile, and nothing came of its fetch. */
Organization *fetching_next(Fetching *fetching, SalesFetch **fetch);
void fetching_done(Fetching *fetching);
