/* A listing of Omie's, page by page, read ahead: while the caller stores a page the next ones are
 * already on their way (OMIE_PARALLEL of them).  Every policy between us and Omie is applied here:
 * guard, place, rate (net/call_gate.h), the waits of each class of fault, the deadline. */
#pragma once
#include <glib.h>

#include "base/json.h"
#include "erp/omie/account.h"
#include "erp/omie/reply.h"
#include "net/call_gate.h"

typedef struct OmieListing OmieListing;

typedef struct {
  const OmieAccount *account;
  const OmieMethod *method;
  void (*write_filter)(JsonWriter *w,
                       gconstpointer data); /* further members of param[0], or NULL */
  gconstpointer filter_data;
  Lease lease; /* the caller's, renewed before every attempt */
  const char
      *long_name; /* of a single answer's member that may be long, or NULL: its text goes to … */
  GString *long_text; /* … this, and the answer has \"\" there */
  gboolean finishes;  /* a stop that is asked for does not end it */
  gint64 deadline_us; /* g_get_monotonic_time() at which to give up */
} OmieListingRequest;

typedef struct {
  guint number;       /* from 1 */
  gint64 total_pages; /* as last heard; -1 when Omie does not say */
  OmieReply *reply;   /* its rows */
} OmiePage;
void omie_page_free(OmiePage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OmiePage, omie_page_free)

/* Sends nothing yet.  What the request points to must outlive the listing. */
OmieListing *omie_listing_new(Db *db, const OmieListingRequest *request);

/* The next page in order, the caller's; NULL without an error after the last.
 * Errors: UPSTREAM_FAULT, UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT, UPSTREAM_SUSPENDED (with Omie's
 * own words, redacted), DEADLINE, INTERRUPTED (a stop was asked for, or the lease is lost),
 * DATABASE_*. Pages before the failing one are delivered first. */
OmiePage *omie_listing_next(OmieListing *listing, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What Omie's last refusal was, after omie_listing_next failed with an UPSTREAM error, or with
 * DEADLINE while a refusal was waited out; else NULL. */
const OmieJudgement *omie_listing_refusal(const OmieListing *listing);

/* Sends for the pages after the one delivered last, as many as may be on their way at once.  The
 * next omie_listing_next does it too; a caller that goes on to something slow does it before. */
void omie_listing_read_ahead(OmieListing *listing);

/* Guard, places and rate of a method: the same for every caller of Omie.  Borrows the account's
 * hash and the method's name. */
CallPolicy omie_call_policy(const OmieAccount *account, const OmieMethod *method, gint64 places);

/* The time that one call of a method may take. */
gint64 omie_method_timeout_ms(const OmieMethod *method);

/* Ends calls under way and gives the places back. */
void omie_listing_free(OmieListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OmieListing, omie_listing_free)
