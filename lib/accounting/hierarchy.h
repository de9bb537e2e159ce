/* The tree of a trial balance's accounts (erp-connectors.md 5.6). */
#pragma once
#include "accounting/trial_balance.h"

#define NO_PARENT G_MAXUINT

/* By the accounts' places in balance->accounts. */
typedef struct {
  guint count;
  guint *parent;   /* NO_PARENT: none, or not in the set */
  guint *children; /* how many direct ones */
  guint *order;    /* children before parents; accounts of a cycle are not in it */
  guint ordered;   /* how many are */
} Hierarchy;

/* Of accounts whose codes differ. */
void hierarchy_init(Hierarchy *hierarchy, const GPtrArray *accounts);
void hierarchy_clear(Hierarchy *hierarchy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hierarchy, hierarchy_clear)

/* A child's balance as its parent sees it: natural sign of the parent's side. */
gint64 hierarchy_as_seen_by(const AccountBalance *parent, const AccountBalance *child,
                            gint64 amount);
