/* A month of revenue that is stored while its next reading is disturbed. */
#pragma once
#include "harness_revenue.h"

#define OLD_MONTH  "7=5.00 8=6.00"   /* as stored, for assert_snapshot("2026-01", …) */
#define NEW_MONTH  "7=3.00 9=300.00" /* what an undisturbed run makes of it */
#define ONE_A_PAGE "OMIE_PAGE_SIZE=1"

/* Stores January, and gives Omie three titles, one on each page, that would change it. */
void stored_month_put(void);

/* The month is still what it was, to the instant of its reading. */
#define assert_stored_month_stays() assert_stored_month_stays_at(__FILE__, __LINE__)
void assert_stored_month_stays_at(const char *file, int line);

/* The sandbox plays no tricks any more, and time has passed. */
void omie_recovers(void);

/* Omie recovers, and then a run stores NEW_MONTH; none is left running. */
#define assert_next_run_stores_new_month() assert_next_run_stores_new_month_at(__FILE__, __LINE__)
void assert_next_run_stores_new_month_at(const char *file, int line);
