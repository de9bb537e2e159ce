/* Titles receivable of the sandbox's Omie: arranging what ListarContasReceber finds and answers,
 * and what was asked.  omie_reset forgets all of it; for answers of another kind there is
 * omie_answer with .method = LIST_TITLES. */
#pragma once
#include <glib.h>

#define LIST_TITLES "ListarContasReceber"

/* Synthetic titles for a month ("2026-01"), always the same ones for the same clients: `count` that
 * were registered in it, and a few that were only altered in it (tests/sandbox/schema.sql). */
void titles_seed(const char *month, guint count);

/* One title, new or changed: a JSON object with codigo_lancamento_omie and whatever else it has.  A
 * new one is listed exactly as given. */
void title_put(const char *record);

/* A page of the listing (0: any) with records given as a JSON array's inside, for ever. */
void titles_page(guint page, guint total_pages, const char *records);

/* A fault as Omie words it, for the given page (0: any), for ever. */
void titles_fault(guint page, guint status, const char *code, const char *text);

/* What the sandbox saw of ListarContasReceber: how many calls, their pages as "1,2,3" in order of
 * arrival, and the parameters of the n-th (from 1) as JSON text. */
gint64 titles_calls(void);
char *titles_pages(void);
char *titles_parameters(guint nth);

/* Calls for pages from `first_page` on wait until omie_release; held_count counts them. */
void titles_hold(guint first_page);
