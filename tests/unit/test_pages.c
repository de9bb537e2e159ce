/* Listings that repeat, never end or tell wrong totals; ids that were seen; URLs of calls
 * (erp-connectors.md 5.7, 5.8, 6.0). */
#include "unit.h"

#include "base/error.h"
#include "erp/call.h"

typedef struct {
  Erp erp;
  ErpPages pages;
} Listing;

static void
listing_init(Listing *listing, gint64 max_pages)
{
  *listing = (Listing){.erp = {.warnings = g_ptr_array_new()}};
  erp_pages_init(&listing->pages, max_pages);
}

static void
listing_clear(Listing *listing)
{
  for (guint i = 0; i < listing->erp.warnings->len; i++) {
    ErpWarning *warning = listing->erp.warnings->pdata[i];
    g_free(warning->code);
    g_free(warning);
  }
  g_ptr_array_unref(listing->erp.warnings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

static guint64
warned(const Listing *listing, const char *code)
{
  for (guint i = 0; i < listing->erp.warnings->len; i++) {
    const ErpWarning *warning = listing->erp.warnings->pdata[i];
    if (g_str_equal(warning->code, code))
      return warning->count;
  }
  return 0;
}

/* One page; 0: fine, else the code of the error. */
static gint
note(Listing *listing, guint rows, guint fresh, gboolean more, gint64 echoed)
{
  g_autoptr(GError) error = NULL;
  if (erp_pages_note(&listing->pages, &listing->erp, rows, fresh, more, echoed, &error))
    return 0;
  assert_true(error->domain == PONTE_ERROR);
  return error->code;
}

/* F-25 */
static void
test_a_listing_that_never_ends_is_ended_at_the_limit(G_GNUC_UNUSED void **state)
{
  g_auto(Listing) listing;
  listing_init(&listing, 50);
  for (guint page = 1; page <= 50; page++)
    assert_int_equal(note(&listing, 100, 100, TRUE, page), 0);
  assert_int_equal(note(&listing, 100, 100, TRUE, 51), ERROR_ERP_PAGING_LIMIT);
  assert_int_equal(listing.erp.pages, 51);
}

/* F-26 F-27 */
static void
test_one_repeated_page_is_skipped_and_the_second_is_a_loop(G_GNUC_UNUSED void **state)
{
  g_auto(Listing) once;
  listing_init(&once, 50);
  assert_int_equal(note(&once, 100, 100, TRUE, -1), 0);
  assert_int_equal(note(&once, 100, 0, TRUE, -1), 0);
  assert_int_equal(note(&once, 100, 100, TRUE, -1), 0);
  assert_int_equal(note(&once, 100, 0, TRUE, -1), 0);
  assert_int_equal(note(&once, 100, 1, FALSE, -1), 0);
  assert_int_equal(warned(&once, "duplicate_page"), 2);
  g_auto(Listing) always;
  listing_init(&always, 50);
  assert_int_equal(note(&always, 100, 100, TRUE, -1), 0);
  assert_int_equal(note(&always, 100, 0, TRUE, -1), 0);
  assert_int_equal(note(&always, 100, 0, TRUE, -1), ERROR_ERP_PAGING_LOOP);
}

/* F-28 */
static void
test_the_second_empty_page_that_claims_more_is_a_loop(G_GNUC_UNUSED void **state)
{
  g_auto(Listing) listing;
  listing_init(&listing, 50);
  assert_int_equal(note(&listing, 0, 0, TRUE, -1), 0);
  assert_int_equal(note(&listing, 0, 0, TRUE, -1), ERROR_ERP_PAGING_LOOP);
  g_auto(Listing) mixed;
  listing_init(&mixed, 50);
  assert_int_equal(note(&mixed, 0, 0, TRUE, -1), 0);
  assert_int_equal(note(&mixed, 5, 0, TRUE, -1), 0);
  assert_int_equal(note(&mixed, 0, 0, TRUE, -1), ERROR_ERP_PAGING_LOOP);
  g_auto(Listing) empty;
  listing_init(&empty, 50);
  assert_int_equal(note(&empty, 0, 0, FALSE, -1), 0);
  assert_int_equal(empty.erp.warnings->len, 0);
}

static void
test_more_than_was_declared_is_a_loop(G_GNUC_UNUSED void **state)
{
  g_auto(Listing) rows;
  listing_init(&rows, 50);
  rows.pages.declared_total = 1000;
  assert_int_equal(note(&rows, 1150, 1150, TRUE, -1), 0);
  assert_int_equal(note(&rows, 1, 1, TRUE, -1), ERROR_ERP_PAGING_LOOP);
  g_auto(Listing) pages;
  listing_init(&pages, 50);
  pages.pages.declared_pages = 1;
  assert_int_equal(note(&pages, 5, 5, TRUE, -1), 0);
  assert_int_equal(note(&pages, 5, 5, TRUE, -1), 0);
  assert_int_equal(note(&pages, 5, 5, TRUE, -1), ERROR_ERP_PAGING_LOOP);
  g_auto(Listing) huge;
  listing_init(&huge, 50);
  huge.pages.declared_total = G_MAXINT64;
  assert_int_equal(note(&huge, 5, 5, TRUE, -1), 0);
}

static void
test_another_page_than_was_asked_for_is_a_loop(G_GNUC_UNUSED void **state)
{
  g_auto(Listing) listing;
  listing_init(&listing, 50);
  assert_int_equal(note(&listing, 5, 5, TRUE, 1), 0);
  assert_int_equal(note(&listing, 5, 5, TRUE, 1), ERROR_ERP_PAGING_LOOP);
}

static void
test_another_total_than_was_declared_is_told(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 declared;
    guint64 warned;
  } cases[] = {{5, 0}, {6, 1}, {-1, 0}, {4, 1}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(Listing) listing;
    listing_init(&listing, 50);
    listing.pages.declared_total = cases[i].declared;
    assert_int_equal(note(&listing, 5, 5, FALSE, -1), 0);
    erp_pages_end(&listing.pages, &listing.erp);
    assert_int_equal(warned(&listing, "count_mismatch"), cases[i].warned);
  }
}

/* Adds ids first … last; how many of them were new. */
static guint
add_ids(ErpSeen *seen, guint first, guint last)
{
  guint fresh = 0;
  for (guint id = first; id <= last; id++) {
    char text[32];
    g_snprintf(text, sizeof text, "01-20260105-%u", id);
    fresh += erp_seen_add(seen, text) ? 1 : 0;
  }
  return fresh;
}

/* F-29 */
static void
test_an_id_is_new_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(ErpSeen) seen = erp_seen_new();
  assert_true(erp_seen_add(seen, ""));
  assert_false(erp_seen_add(seen, ""));
  assert_int_equal(add_ids(seen, 1, 100000), 100000);
  erp_seen_end_page(seen);
  assert_int_equal(add_ids(seen, 100000, 100010), 10);
  assert_int_equal(add_ids(seen, 1, 100010), 0);
}

static void
test_beyond_two_million_the_last_fifty_pages_are_remembered(G_GNUC_UNUSED void **state)
{
  g_autoptr(ErpSeen) seen = erp_seen_new();
  guint next = 1;
  for (guint page = 0; page < 201; page++, next += 10000) {
    assert_int_equal(add_ids(seen, next, next + 9999), 10000);
    erp_seen_end_page(seen);
  }
  assert_int_equal(add_ids(seen, next - 51 * 10000, next - 1), 0);
  assert_int_equal(add_ids(seen, 1, 10000), 10000); /* long forgotten */
}

static void
test_one_page_of_millions_is_remembered_by_its_end(G_GNUC_UNUSED void **state)
{
  g_autoptr(ErpSeen) seen = erp_seen_new();
  assert_int_equal(add_ids(seen, 1, 2000000), 2000000);
  assert_int_equal(add_ids(seen, 1, 10), 0);
  assert_int_equal(add_ids(seen, 2000001, 2000001), 1);
  assert_int_equal(add_ids(seen, 1000002, 1000100), 0);
  assert_int_equal(add_ids(seen, 1999900, 2000001), 0);
}

static void
test_base_and_path_are_joined_without_repeating_a_segment(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *base, *path, *url;
  } cases[] = {
      {"https://api.totvs.com.br/protheus", "/protheus/rest/x",
       "https://api.totvs.com.br/protheus/rest/x"},
      {"https://api.totvs.com.br/protheus", "/rest/x", "https://api.totvs.com.br/protheus/rest/x"},
      {"https://api.contaazul.com/v1", "/v1/company", "https://api.contaazul.com/v1/company"},
      {"https://bling.com.br/Api/v3", "/v3/empresas", "https://bling.com.br/Api/v3/empresas"},
      {"https://bling.com.br/Api/v3", "/Api/v3/empresas", "https://bling.com.br/Api/v3/empresas"},
      {"https://app.omie.com.br/api/v1/", "/geral/empresas/",
       "https://app.omie.com.br/api/v1/geral/empresas/"},
      {"https://host/a/b", "b/a/b", "https://host/a/b/a/b"},
      {"https://host/v1", "/v11/x", "https://host/v1/v11/x"},
      {"https://host/xv1", "/v1/x", "https://host/xv1/v1/x"},
      {"https://host", "/host/x", "https://host/host/x"},
      {"https://host:8443/", "x", "https://host:8443/x"},
      {"https://host/v3", "/v3", "https://host/v3"},
      {"https://host/v3", "/v3/", "https://host/v3/"},
      {"https://host/v3", "/", "https://host/v3/"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *url = erp_join_url(cases[i].base, cases[i].path);
    assert_string_equal(url, cases[i].url);
  }
}

static void
test_parameters_are_percent_encoded(G_GNUC_UNUSED void **state)
{
  g_auto(ErpQuery) query = {0};
  erp_query_init(&query);
  erp_query_add(&query, "filters", "dataEmissao[01/01/2026 TO 31/01/2026]");
  erp_query_add(&query, NULL, "x");
  erp_query_add(&query, "x", NULL);
  erp_query_add(&query, "conta", "A&B=\xC3\xA7+");
  erp_query_add_int(&query, "pagina", 2);
  assert_string_equal(query.text->str,
                      "filters=dataEmissao%5B01%2F01%2F2026%20TO%2031%2F01%2F2026%5D"
                      "&conta=A%26B%3D%C3%A7%2B&pagina=2");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_listing_that_never_ends_is_ended_at_the_limit),
      cmocka_unit_test(test_one_repeated_page_is_skipped_and_the_second_is_a_loop),
      cmocka_unit_test(test_the_second_empty_page_that_claims_more_is_a_loop),
      cmocka_unit_test(test_more_than_was_declared_is_a_loop),
      cmocka_unit_test(test_another_page_than_was_asked_for_is_a_loop),
      cmocka_unit_test(test_another_total_than_was_declared_is_told),
      cmocka_unit_test(test_an_id_is_new_once),
      cmocka_unit_test(test_beyond_two_million_the_last_fifty_pages_are_remembered),
      cmocka_unit_test(test_one_page_of_millions_is_remembered_by_its_end),
      cmocka_unit_test(test_base_and_path_are_joined_without_repeating_a_segment),
      cmocka_unit_test(test_parameters_are_percent_encoded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
