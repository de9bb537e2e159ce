/* Titles of Omie's made into revenue per client code (fin.md 7.7).  Pure. */
#pragma once
#include "erp/omie/receivables.h"

typedef struct RevenueSum RevenueSum;

typedef struct {
  const char *code; /* omie_codigo; borrowed from the sum */
  gint64 centavos;
} CodeRevenue;

/* A sum of what lies in `days`; both must outlive it. */
RevenueSum *revenue_sum_new(const OmieTitleDate *date, const DateRange *days);
void revenue_sum_free(RevenueSum *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RevenueSum, revenue_sum_free)

/* Takes a title.  One that was here before (pages shift while they are read) replaces its earlier
 * copy.  Errors: UPSTREAM_FAULT, for a value that is no number. */
gboolean revenue_sum_add(RevenueSum *sum, const OmieRow *title,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The total of every code that has a title, in order of first sight; of CodeRevenue, the caller's.
 * Errors: UPSTREAM_FAULT, for a total beyond numeric(15,2). */
GArray *revenue_sum_totals(const RevenueSum *sum, GError **error) G_GNUC_WARN_UNUSED_RESULT;
