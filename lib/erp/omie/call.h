/* One call of a method that is no listing (OmieMethod.is_single), with all policies between us and
 * Omie applied as to a listing: guard, place, rate, waits, deadline. */
#pragma once
#include <jansson.h>

#include "erp/omie/listing.h"

/* The answer's object, the caller's.  On failure *refusal, which the caller clears, tells what
 * Omie's last refusal was (class OMIE_FINE when it was not Omie's doing).  Errors: those of
 * omie_listing_next; OMIE_EMPTY counts as UPSTREAM_FAULT here. */
json_t *omie_call(Db *db, const OmieListingRequest *request, OmieJudgement *refusal,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
