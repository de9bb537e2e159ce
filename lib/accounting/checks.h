/* Steps of trial_balance_check that stand alone (erp-connectors.md 5.7). */
#pragma once
#include "accounting/hierarchy.h"

/* Pure: does the closing follow from the rest on the account's side (2.5), to a centavo? */
gboolean check_rolls_forward(const AccountBalance *account);

/* TOTVS: every account with children is flagged analytic and no leaf is (6.1):
 * FOUND_CLASSES_INVERTED.
 */
void check_classes(TrialBalance *balance);

/* The checks of the tree: parent_missing, hierarchy_cycle, level_order, parent_not_summary,
 * type_mismatch, summary_sum. */
void check_tree(TrialBalance *balance, const Hierarchy *tree);
